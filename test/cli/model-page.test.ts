// The shell lines of docs/modules/model.md, in their order, on a chain of one validator: from the registration of a model to shares sold on its curve.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChainSession } from "../../attribution/chain-session.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import { openKeyring } from "../../cli/keys/keyring.ts";
import { nativeMessage } from "../../client/registry.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import type { RunningNode } from "../../node/main.ts";
import { utf8 } from "../../proto/bytes.ts";
import { type ChainHome, chainHome } from "../e2e/chain-home.ts";
import { startIn } from "../e2e/nodes.ts";
import { accountOf } from "../support/chain-harness.ts";
import { PageShell, pageCommands } from "../support/page-commands.ts";

const NAMES = ["owner", "ann", "bob", "host"];
const addresses = new AddressCodec("trib");
const addressOf = (name: string) => addresses.account(accountOf(name).bytes);
let chain: ChainHome;
let node: RunningNode;
let session: ChainSession;
let shell: PageShell;

beforeAll(async () => {
  chain = await chainHome({ apiEnabled: false, grpcEnabled: false, timeoutCommitMs: 50 }, 1, NAMES.map(addressOf));
  const keyring = openKeyring("test", chain.path);
  for (const name of NAMES) await keyring.addLocal(name, accountOf(name).privateKey);
  node = await startIn(chain);
  shell = new PageShell(chain, node.rpcUrl);
  for (const name of ["weights.bin", "weights-2.bin", "adapter.bin"]) {
    writeFileSync(join(shell.folder, name), `the contents of ${name}`);
  }
  session = await ChainSession.connect({ rpcUrl: node.rpcUrl, prefix: "trib", gasPrice: "0uopen" });
  const ann = await session.party(accountOf("ann"));
  const records = ["The sea gives back what it took.", "Rain on a roof of tin, all night."].map((text) =>
    recordInputOf(utf8(text), { name: "", licence: "", class: "" }),
  );
  await session.send(ann, [
    nativeMessage("tributary.datanet.v1.MsgCreateDatanet", {
      owner: ann.address,
      name: "verses",
      licence: "CC0-1.0",
      admission: 1,
    }),
    nativeMessage("tributary.datanet.v1.MsgContribute", { contributor: ann.address, datanetId: 1n, records }),
  ]);
}, 120_000);

afterAll(async () => {
  session?.disconnect();
  await node?.stop();
  chain?.remove();
  shell?.remove();
});

test("every line of the page does what it says, one after the other", async () => {
  const lines = pageCommands("docs/modules/model.md");
  expect(lines.length).toBeGreaterThan(15);
  const outputs = new Map<string, string>();
  for (const line of lines) {
    // An hour must pass before a backing earns anything.
    if (line.includes("claim-backing")) await expect(shell.run(line)).rejects.toThrow("nothing to claim");
    else outputs.set(line, await shell.run(line));
  }
  const output = (start: string) => [...outputs].find(([line]) => line.startsWith(`tributaryd ${start}`))?.[1] ?? "";

  // The weights on the chain are the files', and the signatures the owners'.
  const { versions } = await session.query("tributary.model.v1.Query/Versions", { modelId: 1n });
  const hashOf = (name: string) => createHash("sha256").update(`the contents of ${name}`).digest("hex");
  const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  expect(versions.map(({ weightsHash }) => hexOf(weightsHash))).toEqual(["weights.bin", "weights-2.bin"].map(hashOf));
  expect(versions.map(({ pubKey }) => hexOf(pubKey))).toEqual(Array(2).fill(hexOf(accountOf("owner").publicKey)));
  expect(output("tx model register-model poet")).toContain(
    `tributary model registration; chain: ${chain.chainId}; name: poet; weights sha256: ${hashOf("weights.bin")}`,
  );
  const { model: adapter } = await session.query("tributary.model.v1.Query/Model", { modelId: 2n });
  expect(adapter).toMatchObject({ adapter: true, baseModelId: 1n, parents: [{ modelId: 1n, sharePpm: 100_000 }] });

  // Who opens a use is told where it goes, and it goes there.
  expect(output("tx attribution open-use")).toContain(`${addressOf("host")} serves it, for 1100uopen`);
  const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId: 1n });
  expect(use).toMatchObject({ host: addressOf("host"), fee: { denom: "uopen", amount: "1100" } });

  // 2500 for a thousand shares, and a hundredth of it; then 400 are sold.
  expect(JSON.parse(output("query model quote-buy"))).toMatchObject({
    cost: { amount: "2525" },
    fee: { amount: "25" },
  });
  expect(JSON.parse(output("query model curve"))).toMatchObject({ curve: { supply: "600", reserve: "1380" } });
}, 240_000);

test("what a registration lacks is said before anything is signed or sent", async () => {
  const owner = "--from owner --offline --account-number 1 --sequence 1";
  for (const [line, reason] of [
    ["register-model other no-such-file 1uopen --lineage 1:1", /weights: .*no-such-file.*64 hexadecimal digits/],
    [
      "register-model other weights.bin 1uopen --lineage 1",
      /--lineage: "1" is not understood.*datanet_id:record_count/,
    ],
    ["register-model other weights.bin many --lineage 1:1", /price: .*coin looks like 1000uopen/],
    ["add-version 1 weights.bin --lineage 1:1", /--offline needs --model-name/],
  ] as const) {
    await expect(shell.run(`tributaryd tx model ${line} ${owner}`)).rejects.toThrow(reason);
  }
}, 60_000);
