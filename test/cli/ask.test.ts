// A prompt on its way to a host and an answer on its way back: the user pays, asks, reads and signs, the host answers by a command, and hands in,
// posts and is paid for what was signed. The chain is a node in this process; host and user are processes where a shell has them.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandAnswerer } from "../../attribution/asking/answer-command.ts";
import { AnswerDesk } from "../../attribution/asking/answer-desk.ts";
import { askText } from "../../attribution/asking/wire.ts";
import { acknowledgementTextOf } from "../../attribution/batch-host.ts";
import { signText } from "../../attribution/chain-session.ts";
import { type AskServer, startAskServer } from "../../cli/attribution/ask-server.ts";
import { type DevAccountName, devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { storeDevKeys } from "../../cli/dev/home.ts";
import { homePaths } from "../../cli/home.ts";
import { nativeMessage } from "../../client/registry.ts";
import { base64, utf8 } from "../../proto/bytes.ts";
import { UseStatus } from "../../proto/enums.gen.ts";
import { PRICE, ServedChain } from "../support/served-chain.ts";
import { type Outcome, run, start } from "./harness.ts";

const WORDS = "one two three four five six";
let chain: ServedChain;
let home = "";

beforeAll(async () => {
  chain = await ServedChain.start({
    texts: [{ contributor: "dave", text: WORDS }],
    ...{ windowSeconds: 100, answerSeconds: 50, rules: { minTokens: 4, maxOccurrences: 2 } },
  });
  home = join(chain.folder, "home");
  mkdirSync(home);
  await storeDevKeys(homePaths(home), devAccounts(readDevPreset()));
}, 120_000);

afterAll(async () => {
  await chain?.stop();
});

const inHome = () => ["--home", home, "--node", chain.node.rpcUrl, "--keyring-backend", "test"];
const command = (...words: string[]): Promise<Outcome> => run([...words, ...inHome()]);
const ask = (...words: string[]) => command("attribution", "ask", "1", ...words);

const useOf = async (useId: bigint) => (await chain.session.query("tributary.attribution.v1.Query/Use", { useId })).use;
const openUses = async () =>
  (await chain.session.query("tributary.attribution.v1.Query/OpenUses", { modelId: 1n })).uses;

/** A folder for served uses. */
function folderNamed(name: string): string {
  const folder = join(chain.folder, name);
  mkdirSync(folder);
  return folder;
}

/** Each answer is another, so that two answers to one use would show. */
function counting(folder: string, words = WORDS): string {
  return `echo run >> ${folder}/../runs-of-${folder.split("/").at(-1)}; cat > /dev/null; printf '${words}, and %s' $$`;
}

function runsOf(folder: string): number {
  const file = `${folder}/../runs-of-${folder.split("/").at(-1)}`;
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
}

describe("from a shell", () => {
  let served = "";
  const hosts: ReturnType<typeof start>[] = [];

  afterAll(() => {
    for (const child of hosts) child.kill("SIGKILL");
  });

  /** A host's process, once it takes prompts: where, what it has told, and waiting for more. */
  async function hosting() {
    const child = start([
      ...["host", "--from", "bob", "--uses", served, "--bodies", join(chain.folder, "bodies"), "--batch-uses", "1"],
      ...["--texts", chain.textFolder, "--index-dir", join(chain.folder, "shell-index"), "--poll", "1"],
      ...["--listen", "tcp://127.0.0.1:0", "--answer", counting(served), ...inHome()],
    ]);
    hosts.push(child);
    let told = "";
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.stderr?.on("data", (piece: Buffer) => {
      told += piece.toString("utf8");
    });
    const heard = (words: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = (): void => {
          const found = words.exec(told);
          if (found !== null) resolve(found);
        };
        child.stdout?.on("data", look);
        void ended.then((code) => reject(new Error(`the host ended with ${code}: ${told}`)));
        look();
      });
    child.stdout?.prependListener("data", (piece: Buffer) => {
      told += piece.toString("utf8");
    });
    const [, url] = await heard(/prompts are taken at (\S+)/);
    return { child, url: url!, heard, ended };
  }

  test("asked, answered, signed for, posted in a batch and paid; and a host killed before the signature loses nothing", async () => {
    served = folderNamed("served");
    const first = await hosting();
    // The host answers and is killed before it has the signature: this user does not give it yet.
    const [opened] = await chain.open([{ prompt: "count!", output: "?" }]);
    const { useId } = opened!;
    const asked = await askOver(first.url, useId, "count!");
    expect(asked.status).toBe(200);
    first.child.kill("SIGKILL");
    await first.ended;
    expect(readdirSync(served)).toEqual([`${useId}`]);

    const second = await hosting();
    const again = await ask("count!", "--from", "carol", "--host-url", second.url);
    expect([again.code, again.stderr, again.stdout]).toEqual([
      0,
      expect.stringContaining(`use ${useId} with this prompt is paid for and open`),
      asked.text,
    ]);
    expect(runsOf(served)).toBe(1);
    await second.heard(new RegExp(`use ${useId} was acknowledged: user and host signed for it`));
    await second.heard(/batch 1 of 1 uses was posted/);
    expect((await useOf(useId)).status).toBe(UseStatus.USE_STATUS_BATCHED);

    // A use that the command opens itself, at the host whose offer says where it is; the receipt is handed in by the user.
    const [bob, dave] = [chain.party("bob"), chain.party("dave")];
    const offer = { host: bob.address, modelId: 1n, slots: 1, price: PRICE, endpoint: second.url };
    await chain.session.send(bob, [nativeMessage("tributary.model.v1.MsgOfferSlots", offer)]);
    const more = ["--from", "carol", "--max-fee", `${PRICE.amount}uopen`, "--hand-in"];
    const before = await chain.balance("carol");
    const input = { input: "and then?\n" };
    const other = await run(["attribution", "ask", "1", "--prompt-file", "-", ...more, ...inHome()], input);
    const [, id] = /use (\d+) is open: /.exec(other.stderr)!;
    expect([other.code, other.stdout]).toEqual([0, expect.stringMatching(new RegExp(`^${WORDS}, and \\d+$`))]);
    expect(before - (await chain.balance("carol"))).toBe(BigInt(PRICE.amount));
    await second.heard(/batch 2 of 1 uses was posted/);
    expect((await useOf(BigInt(id!))).status).toBe(UseStatus.USE_STATUS_BATCHED);
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);

    // Once nobody can challenge the batches any more, whose words were answered and who answered them are paid.
    await chain.until((await chain.batch(2n)).windowEnd + 1n);
    const watch = ["watch", "--once", "--from", "ivan", "--contributor", dave.address];
    const places = ["--texts", chain.textFolder, "--bodies", join(chain.folder, "bodies")];
    const claimed = await command(...watch, ...places, "--index-dir", join(chain.folder, "watch-index"));
    expect(claimed.code).toBe(0);
    for (const { address } of [bob, dave]) {
      const { earnings } = await chain.session.query("tributary.attribution.v1.Query/Earnings", {
        beneficiary: address,
      });
      expect(earnings.map(({ unclaimed, claimed: paid }) => BigInt(unclaimed) + BigInt(paid) > 0n)).toEqual([true]);
    }
  }, 120_000);

  test("before anything is paid it is known who is there", async () => {
    const open = (await openUses()).length;
    const before = await chain.balance("carol");
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const nobody = await ask("new", "--from", "carol", "--host-url", `http://127.0.0.1:${port}`, "--yes");
    expect([nobody.code, nobody.stderr]).toEqual([69, expect.stringContaining("Nothing was paid or sent")]);
    // The offer says where the host was, and nobody is there now.
    const away = await ask("new", "--from", "carol", "--yes");
    expect([away.code, away.stderr]).toEqual([69, expect.stringContaining("Nothing was paid or sent")]);
    const flags = await command("host", "--from", "bob", "--uses", served, "--listen", "tcp://127.0.0.1:0");
    expect([flags.code, flags.stderr]).toEqual([2, expect.stringContaining("--answer")]);
    expect([(await openUses()).length, await chain.balance("carol")]).toEqual([open, before]);
  }, 60_000);
});

/** Asks as a user would, in this process. */
async function askOver(
  url: string,
  useId: bigint,
  prompt: string | Uint8Array,
  { from = "carol" as DevAccountName, signedUse = useId } = {},
) {
  const body = typeof prompt === "string" ? utf8(prompt) : prompt;
  const hash = new Uint8Array(createHash("sha256").update(body).digest());
  const signature = await signText(chain.party(from), askText(chain.session.chainId, signedUse, hash));
  return post(`${url}/uses/${useId}/prompt`, signature, body);
}

async function post(address: string, signature: Uint8Array, body?: Uint8Array) {
  const headers = { "tributary-signature": base64(signature) };
  const request = { method: "POST", headers, ...(body && { body: body as Uint8Array<ArrayBuffer> }) };
  const response = await fetch(address, request);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe("at the port", () => {
  const servers: { desk: AnswerDesk; server: AskServer }[] = [];

  afterAll(async () => {
    for (const { desk, server } of servers) {
      await desk.stop();
      await server.close();
    }
  });

  /** A host's port in this process. */
  async function port(
    served: string,
    answer: string,
    more: { timeoutMs?: number; unsigned?: number; queue?: number; waitMs?: number } = {},
  ) {
    const { timeoutMs = 60_000, unsigned = 100, queue = 4, ...rest } = more;
    const [session, party] = [chain.session, chain.party("bob")];
    const told: string[] = [];
    const report = (line: string) => void told.push(line);
    const answerer = commandAnswerer({ command: answer, timeoutMs });
    const desk = await AnswerDesk.open({
      session,
      party,
      served,
      answerer,
      parallel: 1,
      queue,
      unsigned,
      report,
      ...rest,
    });
    const address = { host: "127.0.0.1", port: 0 };
    const server = await startAskServer({ address, desk, chainId: session.chainId, host: party.address, report });
    servers.push({ desk, server });
    return { url: server.url, told };
  }

  async function opened(prompt: string): Promise<bigint> {
    return (await chain.open([{ prompt, output: "?" }]))[0]!.useId;
  }

  test("only the use's user is answered, only its prompt, and only at its host", async () => {
    const served = folderNamed("strict");
    const { url } = await port(served, counting(served));
    const [mine, other] = [await opened("mine"), await opened("other")];
    expect(await askOver(url, mine, "mine", { from: "dave" })).toMatchObject({ status: 403 });
    expect(await askOver(url, mine, "mine", { signedUse: other })).toMatchObject({ status: 403 });
    // Signed for another prompt than the use's.
    expect(await askOver(url, mine, "yours")).toMatchObject({ status: 403 });
    // Signed for the use's prompt, with other bytes behind it.
    const hash = new Uint8Array(createHash("sha256").update("mine").digest());
    const signature = await signText(chain.party("carol"), askText(chain.session.chainId, mine, hash));
    for (const body of [utf8("yours"), new Uint8Array(0)]) {
      expect(await post(`${url}/uses/${mine}/prompt`, signature, body)).toMatchObject({ status: 422 });
    }
    const large = await post(`${url}/uses/${mine}/prompt`, signature, new Uint8Array((1 << 20) + 1)).catch(
      () => "cut off",
    );
    expect(large === "cut off" ? 422 : (large as { status: number }).status).toBe(422);
    expect(await askOver(url, 999n, "mine")).toMatchObject({ status: 404 });
    expect((await fetch(`${url}/uses/${mine}/prompt`)).status).toBe(404);
    expect((await fetch(`${url}/uses/${mine}/prompt`, { method: "POST", body: "mine" })).status).toBe(403);
    // However many strangers ask at once, few of them reach the chain.
    const strangers = Array.from({ length: 80 }, () => post(`${url}/uses/${mine}/receipt`, new Uint8Array(64)));
    const statuses = (await Promise.all(strangers)).map(({ status }) => status);
    expect(statuses.every((status) => status === 404 || status === 503)).toBe(true);
    const named = await fetch(url);
    expect(named.headers.get("tributary-host")).toBe(chain.party("bob").address);
    expect([runsOf(served), readdirSync(served)]).toEqual([0, []]);
  }, 60_000);

  test("a use of another host is refused", async () => {
    const served = folderNamed("elsewhere");
    const { url } = await port(served, counting(served));
    // The model's owner may serve it too.
    const offered = { host: chain.party("alice").address, modelId: 1n, slots: 1, price: PRICE, endpoint: "" };
    await chain.session.send(chain.party("alice"), [nativeMessage("tributary.model.v1.MsgOfferSlots", offered)]);
    const use = { user: chain.party("carol").address, modelId: 1n, maxFee: PRICE, host: offered.host };
    const promptHash = new Uint8Array(createHash("sha256").update("there").digest());
    await chain.session.send(chain.party("carol"), [
      nativeMessage("tributary.attribution.v1.MsgOpenUse", { ...use, promptHash }),
    ]);
    const { id } = (await openUses()).find(({ host }) => host === offered.host)!;
    expect(await askOver(url, id, "there")).toMatchObject({ status: 404, text: expect.stringContaining(offered.host) });
  }, 60_000);

  test("requests that come together for one use get one answer, and so does who asks again", async () => {
    const served = folderNamed("together");
    const { url } = await port(served, `${counting(served)}; sleep 0.3`);
    const useId = await opened("both");
    const answers = await Promise.all([1, 2, 3].map(() => askOver(url, useId, "both")));
    answers.push(await askOver(url, useId, "both"));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([answers[0]!.status, runsOf(served)]).toEqual([200, 1]);
    expect(readFileSync(join(served, `${useId}`, "output"), "utf8")).toBe(answers[0]!.text);
  }, 60_000);

  test("who does not wait asks again, and a host with its hands full says so", async () => {
    const served = folderNamed("slow");
    const gate = join(chain.folder, "gate");
    const answer = `while [ ! -e ${gate} ]; do sleep 0.05; done; echo yes`;
    const { url } = await port(served, answer, { waitMs: 50, queue: 0 });
    const [useId, next] = [await opened("slow"), await opened("next")];
    expect(await askOver(url, useId, "slow")).toMatchObject({ status: 202 });
    expect(await askOver(url, next, "next")).toMatchObject({ status: 503 });
    writeFileSync(gate, "");
    await expect.poll(async () => (await askOver(url, useId, "slow")).text, { timeout: 20_000 }).toBe("yes\n");
  }, 60_000);

  test("a command that fails is tried again when it is asked again, three times; the user learns no more than that", async () => {
    const served = folderNamed("failing");
    const { url, told } = await port(
      served,
      `echo run >> ${served}/../runs-of-failing; echo 'secret path' >&2; exit 3`,
    );
    const useId = await opened("fail");
    for (let i = 0; i < 4; i++) {
      expect(await askOver(url, useId, "fail")).toMatchObject({
        status: 502,
        text: expect.not.stringContaining("secret"),
      });
    }
    expect([runsOf(served), readdirSync(served)]).toEqual([3, []]);
    expect(told).toContain(`use ${useId} could not be answered: it ended with code 3: secret path`);
  }, 60_000);

  test("answers without a signature end a user's credit, also after a new start; a signature gives it back", async () => {
    const served = folderNamed("credit");
    const [first, second] = [await opened("first"), await opened("second")];
    const before = await port(served, counting(served), { unsigned: 1 });
    const answer = await askOver(before.url, first, "first");
    expect(answer.status).toBe(200);
    const after = await port(served, counting(served), { unsigned: 1 });
    for (const { url } of [before, after]) {
      expect(await askOver(url, second, "second")).toMatchObject({ status: 429 });
      // What was answered is given again whenever it is asked for.
      expect(await askOver(url, first, "first")).toMatchObject({ status: 200, text: answer.text });
    }
    const answered = { useId: first, prompt: utf8("first"), output: utf8(answer.text), units: 1n };
    const text = acknowledgementTextOf(chain.session, answered);
    const address = `${after.url}/uses/${first}/receipt`;
    expect(await post(address, await signText(chain.party("dave"), text))).toMatchObject({ status: 403 });
    expect(existsSync(join(served, `${first}`, "signature"))).toBe(false);
    const signature = await signText(chain.party("carol"), text);
    for (let i = 0; i < 2; i++) expect(await post(address, signature)).toMatchObject({ status: 200 });
    expect(readFileSync(join(served, `${first}`, "signature"), "utf8")).toBe(`${base64(signature)}\n`);
    expect(await askOver(after.url, second, "second")).toMatchObject({ status: 200 });
  }, 60_000);

  test("a folder that was being written when the host was killed is no answer", async () => {
    const served = folderNamed("torn");
    const useId = await opened("torn");
    mkdirSync(join(served, ".answer-abc"));
    writeFileSync(join(served, ".answer-abc", "output"), "half");
    const { url } = await port(served, counting(served));
    expect(await askOver(url, useId, "torn")).toMatchObject({ status: 200, text: expect.stringContaining(WORDS) });
    expect(readdirSync(served)).toEqual([`${useId}`]);
  }, 60_000);
});
