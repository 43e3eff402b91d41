// The shell lines of the modules' pages, in their order, on a chain of one validator: a datanet with texts, a model from its registration to shares sold
// on its curve, a creator's token and its pool.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChainSession } from "../../attribution/chain-session.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import { openKeyring } from "../../cli/keys/keyring.ts";
import type { RunningNode } from "../../node/main.ts";
import { type ChainHome, chainHome } from "../e2e/chain-home.ts";
import { startIn } from "../e2e/nodes.ts";
import { accountOf } from "../support/chain-harness.ts";
import { PageShell, pageCommands } from "../support/page-commands.ts";

const NAMES = ["owner", "ann", "bob", "host", "curator", "scorer"];
const TEXTS = { "1.txt": "The sea gives back what it took.", "2.txt": "Rain on a roof of tin, all night." };
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
  mkdirSync(join(shell.folder, "texts"));
  for (const [name, text] of Object.entries(TEXTS)) writeFileSync(join(shell.folder, "texts", name), text);
}, 120_000);

afterAll(async () => {
  session?.disconnect();
  await node?.stop();
  chain?.remove();
  shell?.remove();
});

/** Runs the lines of a page; gives what a line that begins so said. `refusals` are the lines that must be refused, and with what. */
async function runPage(page: string, refusals: Readonly<Record<string, string>> = {}) {
  const outputs = new Map<string, string>();
  for (const line of pageCommands(page)) {
    const refusal = Object.entries(refusals).find(([part]) => line.includes(part))?.[1];
    if (refusal !== undefined) await expect(shell.run(line)).rejects.toThrow(refusal);
    else outputs.set(line, await shell.run(line));
  }
  return (start: string) => [...outputs].find(([line]) => line.startsWith(`tributaryd ${start}`))?.[1] ?? "";
}

test("the page on datanets: texts are contributed, judged, disputed and paid for", async () => {
  const output = await runPage("docs/modules/datanet.md");
  const { records } = await session.query("tributary.datanet.v1.Query/Records", { datanetId: 1n });
  expect(records.map(({ contributor, name }) => [contributor, name])).toEqual(
    Object.keys(TEXTS).map((name) => [addressOf("ann"), name]),
  );
  const { cids } = JSON.parse(output("query datanet records")) as { cids: string[] };
  expect(cids).toEqual([expect.stringMatching(/^bafkrei/), expect.stringMatching(/^bafkrei/)]);
  // 3 of 4 cells, 9 of 10 items, 2 of 8 rules broken.
  expect(JSON.parse(output("query datanet scorecard"))).toMatchObject({
    scorecard: { completeness_ppm: 750_000, accuracy_ppm: 900_000, consistency_ppm: 750_000 },
  });
  const { access } = await session.query("tributary.datanet.v1.Query/Access", {
    datanetId: 1n,
    holder: addressOf("bob"),
  });
  expect(access.units).toBe("3");
  // What was sealed is what was contributed, what was demanded of it is answered, and there is nothing to challenge.
  expect(JSON.parse(output("data segment verses --seal"))).toMatchObject({ datanet_id: "1", last: "2", records: 2 });
  expect(JSON.parse(output("data answer"))).toMatchObject([{ demands: 1 }]);
  for (const faults of ["data faults verses", "data faults verses --challenge"]) {
    expect(JSON.parse(output(faults))).toEqual({ records: 2, segments: 1, faults: [] });
  }
}, 240_000);

test("the page on models: registered, served, backed, and sold in shares", async () => {
  // An hour must pass before a backing earns anything.
  const output = await runPage("docs/modules/model.md", { "claim-backing": "nothing to claim" });

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

test("the page on attribution: a use is quoted, opened, answered and signed for", async () => {
  const folder = join(shell.folder, "served", "2");
  mkdirSync(folder, { recursive: true });
  const output = "The sea gives back what it took, they say.";
  for (const [name, text] of Object.entries({ prompt: "What is the sea?", output })) {
    writeFileSync(join(folder, name), text);
  }
  const said = await runPage("docs/modules/attribution.md");
  // The host with the bond, at its own price: the model's page opened the first use.
  const fee = { denom: "uopen", amount: "900" };
  expect(JSON.parse(said("query attribution quote-use"))).toEqual({ host: addressOf("host"), price: fee, fee });
  const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId: 2n });
  expect(use).toMatchObject({ modelId: 1n, user: addressOf("bob"), host: addressOf("host"), fee });
  expect(said("attribution sign")).toMatch(/signed for use 2: 42 bytes, 1 units/);
  expect(readFileSync(join(folder, "signature"), "utf8")).toMatch(/^[A-Za-z0-9+/]{86}==\n$/);
}, 240_000);

test("the page on pools: a creator's token is minted, traded and given back", async () => {
  const output = await runPage("docs/modules/tokenpool.md");
  const song = `creator/${addressOf("ann")}/song`;
  // 10000 uopen of which 0.3 % stay, against 2000000 uopen and 4000000 song.
  const bought = (9970n * 4_000_000n) / (2_000_000n + 9970n);
  const { pool } = await session.query("tributary.tokenpool.v1.Query/Pool", { poolId: 1n });
  expect([pool.denom0, pool.reserve0, pool.reserve1]).toEqual([song, (4_000_000n - bought).toString(), "2010000"]);
  expect(JSON.parse(output("query tokenpool route"))).toMatchObject({ pool_ids: ["1"] });
  // Ten millions were minted, and one given back.
  expect(JSON.parse(output("query tokenpool token"))).toMatchObject({ token: { supply: "9000000" } });
}, 240_000);

test("a lineage is written short, as JSON, or in a file of it", async () => {
  writeFileSync(join(shell.folder, "lineage.json"), '[{"datanet_id":"1","record_count":"2"}]');
  const lineage = `--lineage lineage.json --lineage '{"datanet_id":"3","record_count":"4"}' --lineage 5:6:70`;
  const flags = "--from owner --generate-only --offline";
  const made = await shell.run(`: && tributaryd tx model register-model other weights.bin 1uopen ${lineage} ${flags}`);
  expect(JSON.parse(made)).toMatchObject({
    body: {
      messages: [
        {
          owner: addressOf("owner"),
          lineage: [
            { datanet_id: "1", record_count: "2", share_ppm: 0 },
            { datanet_id: "3", record_count: "4", share_ppm: 0 },
            { datanet_id: "5", record_count: "6", share_ppm: 70 },
          ],
        },
      ],
    },
  });
}, 60_000);

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
