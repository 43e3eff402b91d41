// What a host sends is believed only if the use's host signed for it, and is what the user pays for. The hosts here are servers that lie.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Secp256k1Wallet } from "@cosmjs/amino";
import { afterEach, beforeAll, expect, test } from "vitest";
import { HostAway, HostClient, HostRefusal, type Question } from "../../../attribution/asking/host-client.ts";
import { acknowledgementTextOf } from "../../../attribution/batch-host.ts";
import { signText } from "../../../attribution/chain-session.ts";
import { base64, utf8 } from "../../../proto/bytes.ts";

const PROMPT = utf8("what?");
const servers: ReturnType<typeof createServer>[] = [];
let question: Question;
let amino: Secp256k1Wallet;

beforeAll(async () => {
  amino = await Secp256k1Wallet.fromKey(new Uint8Array(32).fill(7), "trib");
  const [account] = await amino.getAccounts();
  const host = { address: account!.address, publicKey: account!.pubkey };
  question = { chainId: "c-1", useId: 7n, maxUnits: 2n, prompt: PROMPT, signature: new Uint8Array(64), host };
});

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function hostThat(answers: (response: ServerResponse) => void): Promise<HostClient> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader("Connection", "close");
    answers(response);
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return new HostClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** What a host that is honest but for `changes` sends. */
async function answerWith(changes: {
  chainId?: string;
  useId?: bigint;
  output?: string;
  units?: bigint;
  prompt?: Uint8Array;
}) {
  const { chainId = "c-1", ...rest } = changes;
  const answered = { useId: 7n, prompt: PROMPT, units: 1n, ...rest, output: utf8(changes.output ?? "so") };
  const { address } = question.host;
  const signature = await signText({ address, amino }, acknowledgementTextOf({ chainId }, answered));
  return { "tributary-units": `${answered.units}`, "tributary-host-signature": base64(signature) };
}

const ask = (client: HostClient, patienceMs = 60_000, told: string[] = []) =>
  client.ask(question, patienceMs, (line) => void told.push(line));

test("a signed answer is taken, whatever bytes it has", async () => {
  const headers = await answerWith({ output: "\u001b[2J\u0000", units: 2n });
  const client = await hostThat((response) => response.writeHead(200, headers).end("\u001b[2J\u0000"));
  expect(await ask(client)).toMatchObject({ output: utf8("\u001b[2J\u0000"), units: 2n });
});

test.each([
  ["another answer", { output: "no" }],
  ["another use", { useId: 8n }],
  ["another chain", { chainId: "c-2" }],
  ["another prompt", { prompt: utf8("what!") }],
])("a signature for %s is none", async (_what, changes) => {
  const headers = await answerWith(changes);
  const client = await hostThat((response) => response.writeHead(200, headers).end("so"));
  await expect(ask(client)).rejects.toThrow(HostRefusal);
  await expect(ask(client)).rejects.toThrow("is not signed by");
});

test("units beyond what the user pays for, nothing at all, and too much are refused", async () => {
  const many = await answerWith({ units: 3n });
  await expect(ask(await hostThat((response) => response.writeHead(200, many).end("so")))).rejects.toThrow(
    "1 to 2 units",
  );
  const fine = await answerWith({});
  await expect(ask(await hostThat((response) => response.writeHead(200, fine).end()))).rejects.toThrow("is empty");
  const large = await hostThat((response) => response.writeHead(200, fine).end(Buffer.alloc((1 << 20) + 1)));
  await expect(ask(large)).rejects.toThrow("more than 1048576 bytes");
});

test("a refusal is told in the host's words, on one line; a host that is busy is asked again", async () => {
  const refusing = await hostThat((response) => response.writeHead(429).end("sign\nfirst\u001b[31m"));
  await expect(ask(refusing)).rejects.toThrow(new HostRefusal("sign first [31m"));
  const told: string[] = [];
  const busy = await hostThat((response) => response.writeHead(503).end("busy"));
  await expect(ask(busy, 100, told)).rejects.toThrow(HostAway);
  expect(told).toEqual(["busy: asking again for 0.1 seconds"]);
  const headers = await answerWith({});
  let requests = 0;
  const slow = await hostThat((response) => {
    if (requests++ === 0) response.writeHead(202).end();
    else response.writeHead(200, headers).end("so");
  });
  expect((await ask(slow)).output).toEqual(utf8("so"));
});

test("a port that is no host's is told apart from one where nobody is", async () => {
  const other = await hostThat((response) => response.writeHead(200).end("{}"));
  await expect(other.name()).rejects.toThrow(HostRefusal);
  const moved = await hostThat((response) => response.writeHead(302, { Location: "http://127.0.0.1:9/" }).end());
  await expect(moved.name()).rejects.toThrow(HostAway);
});
