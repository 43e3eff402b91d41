// A contributor's day from a shell, on a chain of one validator: a folder becomes records and a certificate, in one step or
// committed to first and across a crash; the certificate is checked without the node; somebody else fetches the texts; and
// a newcomer without coins contributes what a private datanet pays for.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Party } from "../../attribution/chain-session.ts";
import { type Certificate, CertificateError, readCertificate, verifyCertificate } from "../../client/certificate.ts";
import { nativeMessage } from "../../client/registry.ts";
import { peerOf } from "../e2e/nodes.ts";
import { run, start, temporaryHome } from "./harness.ts";
import { ShellChain } from "./shell-chain.ts";

let shell: ShellChain;
let owner: Party;
/** The folder the commands work in, and their chain. */
const home = (): string => shell.work.path;
const contributing = (words: readonly string[], datanet = "texts"): string[] => {
  return ["contribute", ...words, "--from", "ivan", "--datanet", datanet, "--node", shell.rpc, "-o", "json"];
};
const contribute = (...words: string[]) => shell.command(...contributing(words));
const validatorsHash = async (height: string): Promise<string> => {
  const answer = await fetch(`${shell.node.rpcUrl}/block?height=${height}`);
  const { result } = (await answer.json()) as { result: { block: { header: { validators_hash: string } } } };
  return result.block.header.validators_hash;
};

beforeAll(async () => {
  shell = await ShellChain.start(["owner", "ivan"]);
  owner = await shell.party("owner");
  await shell.created(owner, "texts");
  await shell.created(owner, "hidden", { commitFirst: true });
  mkdirSync(join(home(), "texts", "more"), { recursive: true });
  writeFileSync(join(home(), "texts", "one.txt"), "The first text of a new contributor, long enough for one chunk.\n");
  writeFileSync(join(home(), "texts", "more", "two.txt"), `${"A second text, of several chunks. ".repeat(40)}\n`);
  writeFileSync(
    join(home(), "texts", "more", "twin.txt"),
    "The first text of a new contributor, long enough for one chunk.\n",
  );
  writeFileSync(join(home(), "texts", "empty.txt"), "");
  writeFileSync(join(home(), "texts", ".hidden"), "not this one");
});

afterAll(async () => {
  await shell?.stop();
});

describe("contribute", () => {
  let file = "";
  let records: readonly { readonly number: string; readonly file: string; readonly cid: string }[] = [];

  test("asks before it sends, and sends nothing on a no", async () => {
    const refused = await contribute("texts");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/left out: empty\.txt: it is empty/);
    expect(refused.stderr).toMatch(/left out: one\.txt: it is the same text as more\/twin\.txt/);
    expect(refused.stderr).toMatch(/2 texts, \d+ bytes, to datanet \d+ \(texts\)/);
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
    expect(again.stderr).toMatch(/has no text that is new to texts/);
  });

  test("the certificate holds without the node for who trusts the validators, and only for them", async () => {
    const height = (JSON.parse(readFileSync(file, "utf8")) as Certificate).batches[0]!.height;
    const trusted = ["--validators-hash", await validatorsHash(height)];
    const verified = await run(["verify", file, "-o", "json", "--folder", join(home(), "texts"), ...trusted]);
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
    writeFileSync(join(home(), "texts", "more", "two.txt"), "something else\n");
    const changed = await run(["verify", file, "--folder", join(home(), "texts"), ...trusted]);
    expect(changed.stderr).toMatch(/two\.txt is not the text that was recorded/);
    const forged = join(home(), "forged.json");
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
      await other.ok(["init", "other", "--chain-id", shell.home.chainId]);
      copyFileSync(join(shell.home.path, "config", "genesis.json"), join(other.path, "config", "genesis.json"));
      const { cid } = records[1]!;
      const fetched = await other.run([
        "data",
        "fetch",
        cid,
        "--peers",
        peerOf(shell.node),
        "--deadline",
        "20s",
        "-o",
        "json",
      ]);
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
        peerOf(shell.node),
      ]);
      expect(nobody.code).toBe(69);
      expect(nobody.stderr).toMatch(/1 of 1 blocks did not come within the deadline/);
    } finally {
      other.remove();
    }
  });
});

describe("contribute to a datanet that asks for commitments", () => {
  const pending = (): readonly string[] => {
    const folder = join(shell.home.path, "contributions");
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  };
  const commitments = async () => (await shell.session.query("tributary.datanet.v1.Query/Commitments", {})).commitments;

  test("goes on where a run that was killed between commitment and reveal left off, and is recorded as of the commitment", async () => {
    mkdirSync(join(home(), "poems"));
    writeFileSync(
      join(home(), "poems", "dusk.txt"),
      "What the evening said, it said to nobody who would listen twice.\n",
    );
    writeFileSync(
      join(home(), "poems", "dawn.txt"),
      "And in the morning all the birds had heard it, each another part.\n",
    );
    const child = start([...contributing(["poems", "--yes"], "hidden"), "--home", shell.home.path], shell.options);
    while ((await commitments()).length === 0 && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    child.kill("SIGKILL");
    const [open] = await commitments();
    expect(open).toMatchObject({ datanetId: 2n, deposit: 1000n });
    const [left] = pending();
    const kept = readFileSync(join(shell.home.path, "contributions", left!), "utf8");
    // The salt is there for whoever has this home, and for nobody else.
    expect(JSON.parse(kept)).toMatchObject({
      datanet_id: "2",
      commitments: [{ salt: expect.stringMatching(/^.{43}=$/) }],
    });

    const done = await shell.command(...contributing(["poems", "--yes"], "hidden"));
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toMatch(/going on with the contribution in .*contributions/);
    expect(done.stderr).toMatch(/left out: dawn\.txt is record 1 already, yours/);
    const { certificate, records } = JSON.parse(done.stdout) as { certificate: string; records: { number: string }[] };
    expect(records.map(({ number }) => number)).toEqual(["1", "2"]);
    expect([await commitments(), pending()]).toEqual([[], []]);
    const { record } = await shell.session.query("tributary.datanet.v1.Query/Record", { datanetId: 2n, number: 1n });
    expect(record).toMatchObject({ claimHeight: open!.height, commitmentId: open!.id });
    const trusted = ["--validators-hash", await validatorsHash(record.height.toString())];
    const verified = await run(["verify", certificate, "-o", "json", "--folder", join(home(), "poems"), ...trusted]);
    expect(verified.code, verified.stderr).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ records: [{ claim_height: open!.height.toString() }, {}] });

    // A file of what was revealed already, as a crash right after the reveal would leave it, is of no more use.
    writeFileSync(join(shell.home.path, "contributions", left!), kept);
    const again = await shell.command(...contributing(["poems", "--yes", "--certificate", "again2.json"], "hidden"));
    expect([again.code, pending()]).toEqual([1, []]);
    expect(again.stderr).toMatch(/has no text that is new to hidden/);
  });

  test("commits anywhere when it is told to, says what that costs, and does nothing on a no", async () => {
    mkdirSync(join(home(), "notes"));
    writeFileSync(
      join(home(), "notes", "note.txt"),
      "A note that nobody should see before it is this contributor's own.\n",
    );
    const refused = await contribute("notes", "--commit");
    expect(refused.stderr).toMatch(/committed to before they are shown: deposits of 1000uopen/);
    expect(refused.stderr).toMatch(/2 transactions, about \d+ gas/);
    expect([refused.code, await commitments(), pending()]).toEqual([1, [], []]);
    const done = await contribute("notes", "--commit", "--yes");
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toMatch(/committed in block \d+/);
    const { records } = JSON.parse(done.stdout) as { records: { number: string }[] };
    const number = BigInt(records[0]!.number);
    const { record } = await shell.session.query("tributary.datanet.v1.Query/Record", { datanetId: 1n, number });
    expect(record.commitmentId).toBeGreaterThan(0n);
  });

  test("says what is wrong with a file that it cannot read, and sends nothing", async () => {
    writeFileSync(join(shell.home.path, "contributions", "e2e-1-1-1.json"), "{");
    const refused = await contribute("notes", "--yes", "--certificate", "none.json");
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/e2e-1-1-1\.json cannot be read.*Nothing was sent/),
    ]);
  });
});

describe("a newcomer without coins", () => {
  test("contributes to a private datanet that pays for it, deposits included, and its texts are sealed", async () => {
    const keys = await shell.ok("keys", "add", "newcomer", "--keyring-backend", "test", "-o", "json");
    const { address } = JSON.parse(keys) as { address: string };
    const sponsorship = {
      ...{ feeAllowance: { denom: "uopen", amount: "100000" }, allowanceSeconds: 86_400n, bondedRecords: 3 },
    };
    await shell.created(owner, "welcome", { isPrivate: true, commitFirst: true, sponsorship });
    const { datanet } = await shell.session.query("tributary.datanet.v1.Query/DatanetByName", { name: "welcome" });
    const inDatanet = { datanetId: datanet.id, owner: owner.address };
    const fund = { ...inDatanet, funder: owner.address, amount: { denom: "uopen", amount: "50000000" } };
    await shell.session.send(owner, [
      nativeMessage("tributary.datanet.v1.MsgRotateKey", inDatanet),
      nativeMessage("tributary.datanet.v1.MsgFundSponsorship", fund),
      nativeMessage("tributary.datanet.v1.MsgInvite", { ...inDatanet, inviter: owner.address, newcomer: address }),
    ]);
    await shell.ok("data", "new-content-key", datanet.id.toString(), "1", "--chain-id", shell.home.chainId);

    const text = "What a newcomer knows and would not have everybody read, in more than eight words.\n";
    mkdirSync(join(home(), "secret"));
    writeFileSync(join(home(), "secret", "note.txt"), text);
    const done = await shell.command(
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
        shell.rpc,
      ],
      ...["--gas-prices", "0.001uopen", "--yes", "-o", "json"],
    );
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toMatch(/the fees are paid by trib1/);
    expect(await owner.client.getAllBalances(address)).toEqual([]);

    const { certificate, records } = JSON.parse(done.stdout) as { certificate: string; records: { cid: string }[] };
    const sealed = join(home(), "sealed");
    await shell.ok("data", "get", records[0]!.cid, sealed);
    expect(readFileSync(sealed).includes("newcomer")).toBe(false);
    await shell.ok(
      "data",
      "open",
      datanet.id.toString(),
      sealed,
      join(home(), "opened.txt"),
      "--chain-id",
      shell.home.chainId,
    );
    expect(readFileSync(join(home(), "opened.txt"), "utf8")).toBe(text);
    // The text root is the text's own: the certificate is of what was written, not of its sealed form.
    const { batches } = JSON.parse(readFileSync(certificate, "utf8")) as Certificate;
    const trusted = ["--validators-hash", await validatorsHash(batches[0]!.height)];
    const verified = await run(["verify", certificate, "--folder", join(home(), "secret"), ...trusted]);
    expect(verified.code, verified.stderr).toBe(0);
  });
});
