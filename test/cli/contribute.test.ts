// A contributor's day from a shell, on one development chain: a folder becomes records and a certificate, the certificate is checked without the
// node, somebody else fetches the texts, and a paid use shows up with its lines.
import type { ChildProcess } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChainSession } from "../../attribution/chain-session.ts";
import { devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { type Certificate, CertificateError, readCertificate, verifyCertificate } from "../../client/certificate.ts";
import { nativeMessage } from "../../client/registry.ts";
import { type Outcome, run, start, type TemporaryHome, temporaryHome } from "./harness.ts";

interface Payment {
  readonly event: string;
  readonly use_id: string;
  readonly paid: readonly { readonly name: string; readonly amount: string; readonly file: string }[];
}

let home: TemporaryHome;
let chain = "";
let node: ChildProcess;
let log = "";
let rpc = "";
let peer = "";
const events: { readonly event: string; readonly [key: string]: unknown }[] = [];

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** An event of the chain, waited for. */
async function event(name: string) {
  for (let attempt = 0; attempt < 1_200; attempt++) {
    const found = events.find((one) => one.event === name);
    if (found !== undefined) return found;
    if (node.exitCode !== null) throw new Error(`dev ended before ${name}: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no ${name} from dev: ${log}`);
}

/** A command in the chain's home, where the accounts' keys are. */
const command = (...words: string[]): Promise<Outcome> => run([...words, "--home", chain], { folder: home.path });
async function ok(...words: string[]): Promise<string> {
  const outcome = await command(...words);
  if (outcome.code !== 0) throw new Error(`${words.join(" ")} ended with ${outcome.code}: ${outcome.stderr}`);
  return outcome.stdout;
}
const contribute = (...words: string[]) =>
  command("contribute", ...words, "--from", "ivan", "--datanet", "solidity", "--node", rpc, "-o", "json");
const validatorsHash = async (height: string): Promise<string> => {
  const answer = await fetch(`${rpc.replace("tcp", "http")}/block?height=${height}`);
  const { result } = (await answer.json()) as { result: { block: { header: { validators_hash: string } } } };
  return result.block.header.validators_hash;
};

beforeAll(async () => {
  home = temporaryHome();
  chain = join(home.path, "chain");
  const [rpcPort, peerPort] = [await freePort(), await freePort()];
  rpc = `tcp://127.0.0.1:${rpcPort}`;
  const ports = ["--rpc.laddr", rpc, "--p2p.laddr", `tcp://127.0.0.1:${peerPort}`, "--api.enable", "false"];
  node = start(["dev", "--json", "--home", chain, ...ports]);
  node.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString("utf8");
  });
  let rest = "";
  node.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    events.push(...lines.map((line) => JSON.parse(line) as (typeof events)[number]));
  });
  await event("keys");
  await event("payment");
  peer = `${(await ok("comet", "show-node-id")).trim()}@127.0.0.1:${peerPort}`;
  mkdirSync(join(home.path, "texts", "more"), { recursive: true });
  writeFileSync(
    join(home.path, "texts", "one.txt"),
    "The first text of a new contributor, long enough for one chunk.\n",
  );
  writeFileSync(join(home.path, "texts", "more", "two.txt"), `${"A second text, of several chunks. ".repeat(40)}\n`);
  writeFileSync(
    join(home.path, "texts", "more", "twin.txt"),
    "The first text of a new contributor, long enough for one chunk.\n",
  );
  writeFileSync(join(home.path, "texts", "empty.txt"), "");
  writeFileSync(join(home.path, "texts", ".hidden"), "not this one");
}, 240_000);

afterAll(() => {
  node?.kill("SIGKILL");
  home?.remove();
});

describe("contribute", () => {
  let file = "";
  let records: readonly { readonly number: string; readonly file: string; readonly cid: string }[] = [];

  test("asks before it sends, and sends nothing on a no", async () => {
    const refused = await contribute("texts");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/left out: empty\.txt: it is empty/);
    expect(refused.stderr).toMatch(/left out: one\.txt: it is the same text as more\/twin\.txt/);
    expect(refused.stderr).toMatch(/2 texts, \d+ bytes, to datanet \d+ \(solidity\)/);
    expect(refused.stderr).toMatch(/joining costs nothing/);
    expect(refused.stderr).toMatch(/error: aborted\. Nothing was signed or sent\.\n$/);
  });

  test("records a folder, joining on the way, and writes a certificate", async () => {
    const done = await contribute("texts", "--yes");
    expect(done.code, done.stderr).toBe(0);
    const answer = JSON.parse(done.stdout) as { certificate: string; records: typeof records };
    ({ certificate: file, records } = answer);
    expect(records.map((record) => record.file)).toEqual(["more/twin.txt", "more/two.txt"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ version: 1, batches: [{ records: [{}, {}] }] });
    const again = await contribute("texts", "--yes", "--certificate", "again.json");
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/left out: more\/two\.txt is record \d+ already, yours/);
    expect(again.stderr).toMatch(/has no text that is new to solidity/);
  });

  test("the certificate holds without the node for who trusts the validators, and only for them", async () => {
    const height = (JSON.parse(readFileSync(file, "utf8")) as Certificate).batches[0]!.height;
    const trusted = ["--validators-hash", await validatorsHash(height)];
    const verified = await run(["verify", file, "-o", "json", "--folder", join(home.path, "texts"), ...trusted]);
    expect(verified.code, verified.stderr).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      valid: true,
      files_checked: true,
      records: [{ height }, { height }],
    });
    for (const others of [[], ["--validators-hash", "00".repeat(32)]]) {
      const unknown = await run(["verify", file, ...others]);
      expect(unknown.code).toBe(1);
      expect(unknown.stderr).toContain(`validators you have not said you trust: ${trusted[1]}`);
    }
    writeFileSync(join(home.path, "texts", "more", "two.txt"), "something else\n");
    const changed = await run(["verify", file, "--folder", join(home.path, "texts"), ...trusted]);
    expect(changed.stderr).toMatch(/two\.txt is not the text that was recorded/);
    const forged = join(home.path, "forged.json");
    writeFileSync(forged, readFileSync(file, "utf8").replace('"more/two.txt"', '"more/mine.txt"'));
    const found = await run(["verify", forged, ...trusted]);
    expect(found.stderr).toMatch(/does not hold: batch 1: record \d+: the chain holds something else/);
  });

  test("no byte of what the certificate proves can be changed", () => {
    const certificate = JSON.parse(readFileSync(file, "utf8")) as Certificate;
    expect(verifyCertificate(readCertificate(certificate))).toHaveLength(1);
    const [batch] = certificate.batches;
    const [record] = batch!.records;
    const inBatch = (change: object) => ({ ...certificate, batches: [{ ...batch!, ...change }] });
    const inRecord = (change: object) => inBatch({ records: [{ ...record!, ...change }] });
    const flipped = (base64: string, at: number) => {
      const bytes = Buffer.from(base64, "base64");
      bytes[at % bytes.length]! ^= 1;
      return bytes.toString("base64");
    };
    const forged: object[] = [
      ...["chain_id", "contributor"].map((name) => ({ ...certificate, [name]: "another" })),
      { ...certificate, datanet_id: "99" },
      ...["height", "tx_hash"].map((name) => inBatch({ [name]: "1".repeat(name === "height" ? 1 : 64) })),
      ...["number", "length"].map((name) => inRecord({ [name]: "77" })),
      ...["content_hash", "text_root"].map((name) => inRecord({ [name]: "1".repeat(64) })),
    ];
    for (let at = 3; at < 400; at += 19) {
      for (const name of ["tx", "tx_proof", "header", "store_proof"] as const)
        forged.push(inBatch({ [name]: flipped(batch![name], at) }));
      for (const name of ["record", "proof"] as const) forged.push(inRecord({ [name]: flipped(record![name], at) }));
    }
    for (const one of forged) expect(() => verifyCertificate(readCertificate(one))).toThrow(CertificateError);
    for (const other of [
      null,
      [],
      {},
      { ...certificate, version: 2 },
      { ...certificate, batches: [] },
      inBatch({ tx: 5 }),
    ])
      expect(() => readCertificate(other)).toThrow(CertificateError);
  });

  test("the node gives the texts to whoever asks, and somebody else keeps them", async () => {
    const other = temporaryHome();
    try {
      await other.ok(["init", "other", "--chain-id", "tributary-dev-1"]);
      copyFileSync(join(chain, "config", "genesis.json"), join(other.path, "config", "genesis.json"));
      const { cid } = records[1]!;
      const fetched = await other.run(["data", "fetch", cid, "--peers", peer, "--deadline", "20s", "-o", "json"]);
      expect(fetched.code, fetched.stderr).toBe(0);
      expect(JSON.parse(fetched.stdout)).toMatchObject({ blocks: [{ cid, peers: [{ outcome: "gave it" }] }] });
      await other.ok(["data", "get", cid, join(other.path, "got.txt")]);
      expect(readFileSync(join(other.path, "got.txt"), "utf8")).toBe(
        `${"A second text, of several chunks. ".repeat(40)}\n`,
      );
      const nobody = await other.run([
        "data",
        "fetch",
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        "--peers",
        peer,
      ]);
      expect(nobody.code).toBe(69);
      expect(nobody.stderr).toMatch(/1 of 1 blocks did not come within the deadline/);
    } finally {
      other.remove();
    }
  });
});

describe("earnings", () => {
  test("says who used which bytes of which text and what that paid, as the chain's first payment did", async () => {
    const payment = (await event("payment")) as unknown as Payment;
    const expected = payment.paid.find(({ name }) => name !== "")!;
    const answer = JSON.parse(await ok("earnings", expected.name, "--node", rpc, "-o", "json")) as {
      payout_address: string;
      address: string;
      totals: { denom: string; unclaimed: string }[];
      uses: { use_id: string; records: { name: string; earned: string; used: string[] }[] }[];
    };
    expect(answer.payout_address).toBe(answer.address);
    expect(answer.uses.map(({ use_id }) => use_id)).toEqual([payment.use_id]);
    const record = answer.uses[0]!.records.find(({ name }) => name === expected.file)!;
    expect(record.earned).toBe(`${expected.amount}uopen`);
    expect(record.used[0]).toMatch(/^bytes \d+ to \d+$/);
    expect(answer.totals).toMatchObject([{ denom: "uopen" }]);
  });
});

describe("a newcomer without coins", () => {
  test("contributes to a private datanet that pays for it, and its texts are sealed", async () => {
    const [alice] = devAccounts(readDevPreset());
    const session = await ChainSession.connect({
      rpcUrl: rpc.replace("tcp", "http"),
      prefix: "trib",
      gasPrice: "0.001uopen",
    });
    const owner = await session.party(alice!);
    const keys = await ok("keys", "add", "newcomer", "--keyring-backend", "test", "-o", "json");
    const { address } = JSON.parse(keys) as { address: string };
    await session.send(owner, [
      nativeMessage("tributary.datanet.v1.MsgCreateDatanet", {
        owner: owner.address,
        name: "welcome",
        licence: "CC0-1.0",
        admission: 1,
        isPrivate: true,
        sponsorship: {
          feeAllowance: { denom: "uopen", amount: "100000" },
          allowanceSeconds: 86_400n,
          bondedRecords: 3,
        },
      }),
    ]);
    const { datanet } = await session.query("tributary.datanet.v1.Query/DatanetByName", { name: "welcome" });
    const inDatanet = { datanetId: datanet.id, owner: owner.address };
    const fund = { ...inDatanet, funder: owner.address, amount: { denom: "uopen", amount: "50000000" } };
    await session.send(owner, [
      nativeMessage("tributary.datanet.v1.MsgRotateKey", inDatanet),
      nativeMessage("tributary.datanet.v1.MsgFundSponsorship", fund),
      nativeMessage("tributary.datanet.v1.MsgInvite", { ...inDatanet, inviter: owner.address, newcomer: address }),
    ]);
    await ok("data", "new-content-key", datanet.id.toString(), "1", "--chain-id", "tributary-dev-1");

    const text = "What a newcomer knows and would not have everybody read, in more than eight words.\n";
    mkdirSync(join(home.path, "secret"));
    writeFileSync(join(home.path, "secret", "note.txt"), text);
    const done = await command(
      ...[
        "contribute",
        "secret",
        "--from",
        "newcomer",
        "--keyring-backend",
        "test",
        "--datanet",
        "welcome",
        "--node",
        rpc,
      ],
      ...["--gas-prices", "0.001uopen", "--yes", "-o", "json"],
    );
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toMatch(/the fees are paid by trib1/);
    expect(await owner.client.getAllBalances(address)).toEqual([]);
    session.disconnect();

    const { certificate, records } = JSON.parse(done.stdout) as { certificate: string; records: { cid: string }[] };
    const sealed = join(home.path, "sealed");
    await ok("data", "get", records[0]!.cid, sealed);
    expect(readFileSync(sealed).includes("newcomer")).toBe(false);
    await ok(
      "data",
      "open",
      datanet.id.toString(),
      sealed,
      join(home.path, "opened.txt"),
      "--chain-id",
      "tributary-dev-1",
    );
    expect(readFileSync(join(home.path, "opened.txt"), "utf8")).toBe(text);
    // The text root is the text's own: the certificate is of what was written, not of its sealed form.
    const { batches } = JSON.parse(readFileSync(certificate, "utf8")) as Certificate;
    const trusted = ["--validators-hash", await validatorsHash(batches[0]!.height)];
    const verified = await run(["verify", certificate, "--folder", join(home.path, "secret"), ...trusted]);
    expect(verified.code, verified.stderr).toBe(0);
  });
});
