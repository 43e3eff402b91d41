// Settling by batch from a shell: the user signs, the host hands in, posts and answers, a watcher catches the one that
// lies, and reports show what was paid for which words. The chain is a node in this process, the commands are processes.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltBatch } from "../../attribution/batch-builder.ts";
import type { AnsweredUse } from "../../attribution/batch-host.ts";
import { signText } from "../../attribution/chain-session.ts";
import { Corpus } from "../../attribution/corpus.ts";
import { SpanProver } from "../../attribution/settlement.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { storeDevKeys } from "../../cli/dev/home.ts";
import { homePaths } from "../../cli/home.ts";
import { nativeMessage } from "../../client/registry.ts";
import { receiptText } from "../../modules/attribution/receipt.ts";
import { BatchStatus, UseStatus } from "../../proto/enums.gen.ts";
import { PRICE, ServedChain } from "../support/served-chain.ts";
import { type Outcome, run, start } from "./harness.ts";

const FIRST = "one two three four five six";
const HOSTILE = "then <script>alert(\"1\")</script> & <b title='x'>bold</b> words";
const OUTPUT = `${FIRST}, ${HOSTILE}. And no more <i>of it</i>`;

let chain: ServedChain;
let home = "";
let served = "";
let server: Server;
let address = "";

beforeAll(async () => {
  chain = await ServedChain.start({
    texts: [
      { contributor: "dave", text: FIRST },
      { contributor: "erin", text: HOSTILE },
    ],
    ...{ windowSeconds: 100, answerSeconds: 50, rules: { minTokens: 4, maxOccurrences: 2 } },
  });
  home = join(chain.folder, "home");
  served = join(chain.folder, "served");
  mkdirSync(home);
  mkdirSync(served);
  await storeDevKeys(homePaths(home), devAccounts(readDevPreset()));
  server = createServer((request, response) => {
    const path = join(chain.folder, "bodies", (request.url ?? "/").slice(1));
    if (existsSync(path)) createReadStream(path).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);

afterAll(async () => {
  await new Promise((resolve) => server?.close(resolve));
  await chain?.stop();
});

/** A command in a home that has everybody's keys and no node. */
const command = (...words: string[]): Promise<Outcome> =>
  run([...words, "--home", home, "--node", chain.node.rpcUrl, "--keyring-backend", "test"]);
const texts = () => ["--texts", chain.textFolder, "--index-dir", join(chain.folder, "shell-index")];
const host = (...more: string[]) =>
  command(
    "host",
    "--once",
    "--from",
    "bob",
    "--uses",
    served,
    "--bodies",
    join(chain.folder, "bodies"),
    ...texts(),
    "--batch-uses",
    "1",
    ...more,
  );
const report = (...words: string[]) =>
  run(["attribution", "report", ...words, "--home", home, "--node", chain.node.rpcUrl]);

/** Puts what the model answered where the host command looks for it. */
function put({ useId, prompt, output }: AnsweredUse): string {
  const folder = join(served, `${useId}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "prompt"), prompt);
  writeFileSync(join(folder, "output"), output);
  return folder;
}

/** A batch of one use that pays the first contributor's part to somebody else. */
async function postFalsely() {
  const uses = await chain.serve([{ prompt: "?", output: OUTPUT }]);
  const honest = await chain.host.build(chain.modelId, uses);
  const payees = honest.body.payees.map((one) =>
    one.payee.beneficiary === chain.party("dave").address
      ? { ...one, payee: { ...one.payee, beneficiary: chain.party("judy").address } }
      : one,
  );
  payees.sort((a, b) => (a.payee.beneficiary < b.payee.beneficiary ? -1 : 1));
  return { uses, batchId: await chain.host.post(new BuiltBatch({ ...honest.body, payees })) };
}

const useStatus = async (useId: bigint) =>
  (await chain.session.query("tributary.attribution.v1.Query/Use", { useId })).use.status;

describe("host, sign and watch", () => {
  let answered: AnsweredUse;
  let folder = "";

  test("a use waits until the user has signed for it, and a wrong prompt is not signed for", async () => {
    [answered] = (await chain.open([{ prompt: "what <is> it?", output: OUTPUT }])) as [AnsweredUse];
    folder = put(answered);
    expect(await host()).toMatchObject({ code: 0, stdout: "" });
    expect(await useStatus(answered.useId)).toBe(UseStatus.USE_STATUS_OPEN);
    writeFileSync(join(folder, "prompt"), "another one");
    const refused = await command("attribution", "sign", folder, "--from", "carol");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`the prompt is not the one that use ${answered.useId} was opened for`);
    expect(readdirSync(folder).sort()).toEqual(["output", "prompt"]);
    writeFileSync(join(folder, "prompt"), answered.prompt);
  }, 60_000);

  test("what is signed for is handed in, posted with its body, and found to be as it should be", async () => {
    const signed = await command("attribution", "sign", folder, "--from", "carol");
    expect(signed).toMatchObject({
      code: 0,
      stdout: `signed for use ${answered.useId}: ${OUTPUT.length} bytes, 1 units\n`,
    });
    const posted = await host();
    expect(posted.stdout.split("\n").slice(0, 2)).toEqual([
      `use ${answered.useId} was acknowledged: user and host signed for it`,
      expect.stringMatching(/^batch 1 of 1 uses was posted: \d+ shares for 3 payees$/),
    ]);
    const { bodyHash, status } = await chain.batch(1n);
    expect(status).toBe(BatchStatus.BATCH_STATUS_OPEN);
    const body = readFileSync(join(chain.folder, "bodies", Buffer.from(bodyHash).toString("hex")));
    expect(createHash("sha256").update(body).digest().equals(bodyHash)).toBe(true);
    const watched = await command("watch", "--once", "--from", "ivan", "--bodies", address, ...texts());
    expect(watched).toMatchObject({
      code: 0,
      stdout: `batch 1 of ${chain.party("bob").address} is as it should be\n`,
    });
  }, 60_000);

  test("the host answers whoever asks to see a share, after a new start and from the published body alone", async () => {
    const { address: challenger } = chain.party("judy");
    const demand = { challenger, batchId: 1n, part: 1, index: 0n, entry: 0n };
    await chain.session.send(chain.party("judy"), [nativeMessage("tributary.attribution.v1.MsgDemand", demand)]);
    expect((await chain.batch(1n)).openChallenges).toBe(1);
    expect((await host()).stdout).toBe("1 challenges of batch 1 were answered\n");
    expect(await chain.batch(1n)).toMatchObject({ openChallenges: 0, status: BatchStatus.BATCH_STATUS_OPEN });
  }, 60_000);

  test("a false batch is challenged by the command, which fetches its body over http", async () => {
    const { uses, batchId } = await postFalsely();
    const before = await chain.balance("ivan");
    const watched = await command("watch", "--once", "--from", "ivan", "--bodies", address, ...texts());
    expect(watched.code).toBe(0);
    expect(watched.stdout).toContain(`batch ${batchId} of ${chain.party("bob").address} was challenged by payout: `);
    const { status, bond } = await chain.batch(batchId);
    expect(status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    expect((await chain.balance("ivan")) - before).toBe(BigInt(bond) / 2n);
    // The host's own command does not put these uses into another batch by itself.
    put(uses[0]!);
    const again = await host();
    expect(again.stdout).toBe(
      `use ${uses[0]!.useId} was in a batch that was shown to be false: find out why before it is posted again\n`,
    );
    expect(await useStatus(uses[0]!.useId)).toBe(UseStatus.USE_STATUS_ACKNOWLEDGED);
    expect((await host("--again")).stdout).toMatch(/^batch 3 of 1 uses was posted/);
    expect(await useStatus(uses[0]!.useId)).toBe(UseStatus.USE_STATUS_BATCHED);
  }, 60_000);

  test("watch disputes a lineage that leaves a named datanet out, and tells its owner", async () => {
    const words = Array.from({ length: 80 }, (_, i) => `dave${i}`).join(" ");
    const datanetId = await chain.publish("dave", [words]);
    const modelId = await chain.register("omits", { lineage: [{ datanetId: 1n, recordCount: 1n }] });
    const [use] = await chain.serve([{ prompt: "?", output: `I say: ${words}`, modelId }]);
    put(use!);
    const watch = (from: string, ...more: string[]) =>
      command("watch", "--once", "--from", from, "--bodies", address, ...texts(), ...more);
    const watched = await watch("dave", "--datanets", `${datanetId}`, "--uses", served);
    expect([watched.stderr, watched.stdout]).toEqual([
      "",
      expect.stringContaining(`the lineage of version 1 of model ${modelId} was disputed: bytes 7 to `),
    ]);
    expect((await watch("alice")).stdout).toMatch(/^dispute \d+ over version 1 of model \d+ has no answer here: /m);
    expect((await watch("dave", "--datanets", "none")).code).not.toBe(0);
  }, 60_000);

  test("watch goes on by itself until it is asked to stop", async () => {
    const child = start([
      ...["watch", "--from", "ivan", "--bodies", address, ...texts(), "--poll", "1"],
      ...["--home", home, "--node", chain.node.rpcUrl, "--keyring-backend", "test"],
    ]);
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    let told = "";
    const heard = new Promise<void>((resolve) =>
      child.stdout?.on("data", (chunk: Buffer) => {
        told += chunk.toString("utf8");
        if (told.includes("was challenged by payout")) resolve();
      }),
    );
    const { batchId } = await postFalsely();
    await heard;
    expect((await chain.batch(batchId)).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  }, 60_000);

  test("a host without all texts posts nothing, and says which are missing", async () => {
    const [use] = (await chain.serve([{ prompt: "?", output: FIRST }])) as [AnsweredUse];
    put(use);
    const empty = join(chain.folder, "empty");
    mkdirSync(empty);
    const words = ["--texts", empty, "--index-dir", join(chain.folder, "empty-index"), "--batch-uses", "1"];
    const bodies = ["--bodies", join(chain.folder, "bodies")];
    const outcome = await command("host", "--once", "--from", "bob", "--uses", served, ...bodies, ...words);
    expect(outcome.stdout).toContain("2 records of model 1 have no text here, the first 1/1");
    expect(await useStatus(use.useId)).toBe(UseStatus.USE_STATUS_ACKNOWLEDGED);
  }, 60_000);
});

test("the tour says at once that it would wait too long on a chain with long windows", async () => {
  const refused = await run(["tour", "--node", chain.node.rpcUrl]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(
    "batches of this chain can be challenged for 100 seconds, longer than the tour waits",
  );
}, 60_000);

describe("report", () => {
  test("of a batch is the same page or text whoever asks, with nothing in it that runs", async () => {
    const text = await report("--batch", "1", "--bodies", address);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain(`[${FIRST}](1/1)`);
    expect(text.stdout).toContain(`[${HOSTILE}](1/2)`);
    const file = join(chain.folder, "batch.html");
    expect((await report("--batch", "1", "--bodies", address, "--html", file)).code).toBe(0);
    expectHarmless(readFileSync(file, "utf8"), "what &lt;is&gt; it?");
  }, 60_000);

  test("of a use that was settled at once is read from the chain alone: text, and a page with a colour for each record", async () => {
    const [use] = (await chain.open([{ prompt: "?", output: OUTPUT }])) as [AnsweredUse];
    const [user, hosting] = [chain.party("carol"), chain.party("bob")];
    const { params } = await chain.session.query("tributary.attribution.v1.Query/Params", {});
    const encoder = new TextEncoder();
    const records = [FIRST, HOSTILE].map((one, i) => ({
      ...{ datanetId: 1n, number: BigInt(i + 1), text: encoder.encode(one) },
    }));
    const spans = SpanProver.over(new SpanIndex(Corpus.of(records))).prove(use.output, params);
    expect(spans).toHaveLength(2);
    const hash = new Uint8Array(createHash("sha256").update(use.output).digest());
    const receipt = await signText(user, receiptText(chain.session.chainId, use.useId, hash));
    const settle = { host: hosting.address, useId: use.useId, output: use.output, receipt, spans };
    await chain.session.send(hosting, [nativeMessage("tributary.attribution.v1.MsgSettleUse", settle)]);
    const { payout } = await chain.session.query("tributary.attribution.v1.Query/Payout", { useId: use.useId });

    const text = await report("--use", `${use.useId}`);
    expect(text.code).toBe(0);
    const lines = text.stdout.trimEnd().split("\n");
    expect(lines.slice(0, 4)).toEqual([
      `use ${use.useId}`,
      "",
      `[${FIRST}](1/1), [${HOSTILE}](1/2). And no more <i>of it</i>`,
      "",
    ]);
    const paid = payout.recordShares.map(
      ({ amount, contributor, record }) => `${amount}${PRICE.denom}  ${contributor}  record 1/${record.number}`,
    );
    expect(lines.slice(4).sort()).toEqual(paid.sort());

    const file = join(chain.folder, "use.html");
    expect((await report("--use", `${use.useId}`, "--html", file)).code).toBe(0);
    expectHarmless(readFileSync(file, "utf8"), "And no more &lt;i&gt;of it&lt;/i&gt;");
  }, 60_000);

  test("of a use that is in a batch, of none, or of a batch whose body is elsewhere says what to do", async () => {
    const inBatch = await report("--use", "1");
    expect([inBatch.code === 0, inBatch.stderr]).toEqual([false, expect.stringContaining("--batch")]);
    const none = await report("--batch", "99", "--bodies", address);
    expect([none.code === 0, none.stderr]).toEqual([false, expect.stringContaining("there is no batch 99")]);
    const elsewhere = await report("--batch", "1", "--bodies", join(chain.folder, "empty"));
    expect([elsewhere.code === 0, elsewhere.stderr]).toEqual([false, expect.stringContaining("--bodies")]);
    expect((await report()).code).toBe(2);
  }, 60_000);
});

test("a table of terms is counted from an index and registered from a shell", async () => {
  const place = ["--datanet", "1", "--index-dir", join(chain.folder, "table-index")];
  const table = (...more: string[]) => run(["attribution", "table", ...place, ...more, "--home", home]);
  const early = await table();
  expect([early.code === 0, early.stderr]).toEqual([false, expect.stringContaining("tributaryd attribution index")]);
  const index = ["attribution", "index", chain.textFolder, ...place, "--home", home, "--node", chain.node.rpcUrl];
  expect((await run(index)).code).toBe(0);
  const { stdout } = await table("--terms", "1");
  // "b" stands twice in the second text, as the tag that opens and the one that closes; every other word once.
  const word = Buffer.from("b").toString("base64");
  expect(JSON.parse(stdout)).toMatchObject({ documents: "2", terms: [{ term: word, documents: "1" }] });
  const file = join(chain.folder, "table.json");
  writeFileSync(file, stdout);
  const sent = await command("tx", "attribution", "register-table", file, "--from", "bob", "--gas", "auto", "--yes");
  expect([sent.code, sent.stderr]).toEqual([0, expect.any(String)]);
  const told = async () => (await chain.session.find("tributary.attribution.v1.Query/Table", { tableId: 1n }))?.table;
  await expect.poll(told, { timeout: 20_000 }).toMatchObject({ creator: chain.party("bob").address, documents: 2n });
}, 60_000);

/** The page shows both records in different colours, holds the text escaped, and nothing in it runs or loads. */
function expectHarmless(page: string, escaped: string): void {
  const colours = [...page.matchAll(/<mark title="record (1\/\d) of [a-z0-9]+" style="background: ([^"]+)">/g)];
  expect(colours.map(([, record]) => record)).toEqual(["1/1", "1/2"]);
  expect(new Set(colours.map(([, , colour]) => colour)).size).toBe(2);
  for (const [, , colour] of colours) expect(colour).toMatch(/^hsl\(\d+ 70% 50% \/ 0\.32\)$/);
  expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &lt;b title=");
  expect(page).toContain(escaped);
  expect(page).not.toMatch(/<script|<b |<i>|src=|href=|javascript:/);
  expect(page).toContain("default-src 'none'");
}
