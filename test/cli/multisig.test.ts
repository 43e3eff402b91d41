// Batches of a multisig without a node: members sign, one joins. The expected bytes are those CosmJS makes with the same keys.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createMultisigThresholdPubkey,
  encodeSecp256k1Pubkey,
  makeSignDoc,
  pubkeyToAddress,
  Secp256k1HdWallet,
} from "@cosmjs/amino";
import { fromBase64, toBase64 } from "@cosmjs/encoding";
import { makeMultisignedTxBytes } from "@cosmjs/stargate";
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { TxBody } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TemporaryHome, temporaryHome } from "./harness.ts";

// Mnemonics of BIP-39's own test vectors.
const members = {
  ada: "legal winner thank year wave sausage worth useful legal winner thank yellow",
  ben: "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
  cai: "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong",
} as const;
type Member = keyof typeof members;
const names = Object.keys(members) as Member[];

const chainId = "offline-1";
const accountNumber = 9;
const firstSequence = 4;
const amounts = ["11", "22"];
const fee = { amount: [{ denom: "uopen", amount: "500" }], gas: "90000" };
const keyring = ["--keyring-backend", "test"];
const facts = ["--offline", "--chain-id", chainId, "-a", String(accountNumber), "-s", String(firstSequence)];

let home: TemporaryHome;
let board = "";
let multisig: ReturnType<typeof createMultisigThresholdPubkey>;
const wallets = new Map<Member, Secp256k1HdWallet>();
const files = {} as Record<Member | "drafts", string>;

const tx = (...args: readonly string[]) => home.run(["tx", ...args, ...keyring]);

beforeAll(async () => {
  home = temporaryHome();
  const keys = [];
  for (const name of names) {
    await home.ok(["keys", "add", name, "--recover", ...keyring], { input: `${members[name]}\n` });
    const wallet = await Secp256k1HdWallet.fromMnemonic(members[name], { prefix: "trib" });
    wallets.set(name, wallet);
    keys.push(encodeSecp256k1Pubkey((await wallet.getAccounts())[0]!.pubkey));
  }
  await home.ok(["keys", "add", "board", "--multisig", names.join(","), "--multisig-threshold", "2", ...keyring]);
  multisig = createMultisigThresholdPubkey(keys, 2);
  board = pubkeyToAddress(multisig, "trib");
  const sending = (amount: string) =>
    home.ok([
      ...["tx", "bank", "send", board, board, `${amount}uopen`, "--generate-only", "--offline"],
      ...["--fees", "500uopen", "--gas", fee.gas],
    ]);
  files.drafts = join(home.path, "drafts.json");
  writeFileSync(files.drafts, (await Promise.all(amounts.map(sending))).join(""));
  for (const name of names) {
    files[name] = join(home.path, `${name}.json`);
    const args = ["--from", name, "--multisig", "board", "--output-document", files[name], ...facts];
    expect(await tx("sign-batch", files.drafts, ...args)).toMatchObject({ code: 0, stderr: "" });
  }
});
afterAll(() => home.remove());

/** What CosmJS makes of the signatures of some members under transaction `index`. */
async function expected(index: number, sequence: number, signers: readonly Member[]): Promise<string> {
  const amount = [{ denom: "uopen", amount: amounts[index]! }];
  const value = { from_address: board, to_address: board, amount };
  const document = makeSignDoc([{ type: "cosmos-sdk/MsgSend", value }], fee, chainId, "", accountNumber, sequence);
  const signatures = new Map<string, Uint8Array>();
  for (const name of signers) {
    const wallet = wallets.get(name)!;
    const { address } = (await wallet.getAccounts())[0]!;
    signatures.set(address, fromBase64((await wallet.signAmino(address, document)).signature.signature));
  }
  const message = MsgSend.encode(MsgSend.fromPartial({ fromAddress: board, toAddress: board, amount })).finish();
  const messages = [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: message }];
  const body = TxBody.encode(TxBody.fromPartial({ messages })).finish();
  return toBase64(makeMultisignedTxBytes(multisig, sequence, fee, body, signatures));
}

/** The bytes of the transactions a command printed, one a line. */
async function encoded(stdout: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const line of stdout.trimEnd().split("\n")) {
    const path = join(home.path, "one.json");
    writeFileSync(path, line);
    texts.push((await home.ok(["tx", "encode", path])).trim());
  }
  return texts;
}

describe("tx multisign-batch", () => {
  test.each([
    { name: "multisign-batch", signers: ["ada", "cai"] },
    { name: "multi-sign-batch", signers: ["cai", "ben", "ada"] },
  ] as const)(
    "$name joins the signatures of $signers under each transaction, as CosmJS does",
    async ({ name, signers }) => {
      const { code, stdout, stderr } = await tx(
        name,
        files.drafts,
        "board",
        ...signers.map((one) => files[one]),
        ...facts,
      );
      expect([code, stderr]).toEqual([0, ""]);
      expect(await encoded(stdout)).toEqual([
        await expected(0, firstSequence, signers),
        await expected(1, firstSequence + 1, signers),
      ]);
    },
  );

  test("refuses signatures of another chain, of too few members, and of another number of transactions", async () => {
    const both = [files.ada, files.ben];
    const elsewhere = facts.map((one) => (one === chainId ? "elsewhere-1" : one));
    expect((await tx("multisign-batch", files.drafts, "board", ...both, ...elsewhere)).stderr).toContain(
      "of the multisig signed something else",
    );
    expect((await tx("multisign-batch", files.drafts, "board", files.ada, ...facts)).stderr).toContain(
      "needs 2 signatures and 1 were given",
    );
    expect((await tx("multisign-batch", files.drafts, "board", "no-such-file", ...facts)).code).not.toBe(0);
    const short = join(home.path, "short.json");
    writeFileSync(short, "");
    expect((await tx("multisign-batch", files.drafts, "board", files.ada, short, ...facts)).stderr).toContain(
      "holds 0 signatures",
    );
    const again = await tx("multisign-batch", files.drafts, "board", ...both, ...facts, "--no-auto-increment");
    expect(again.stderr).toContain("is for sequence 5, the multisig is at 4");
  });
});

test("tx multi-sign checks signatures unless told not to, and prints the joined one alone", async () => {
  const draft = join(home.path, "draft.json");
  const args = ["bank", "send", board, board, "11uopen", "--generate-only", "--offline", "--fees", "500uopen"];
  writeFileSync(draft, await home.ok(["tx", ...args, "--gas", fee.gas]));
  const parts: string[] = [];
  for (const name of ["ada", "ben"] as const) {
    const part = join(home.path, `part-${name}.json`);
    writeFileSync(
      part,
      await home.ok(["tx", "sign", draft, "--from", name, "--multisig", "board", ...keyring, ...facts]),
    );
    parts.push(part);
  }
  const joined = await tx("multi-sign", draft, "board", ...parts, ...facts);
  expect(await encoded(joined.stdout)).toEqual([await expected(0, firstSequence, ["ada", "ben"])]);

  const wrong = facts.map((one) => (one === chainId ? "elsewhere-1" : one));
  expect((await tx("multi-sign", draft, "board", ...parts, ...wrong)).stderr).toContain("signed something else");
  const unchecked = await tx("multi-sign", draft, "board", ...parts, ...wrong, "--skip-signature-verification");
  expect(unchecked.stdout).toBe(joined.stdout);

  const alone = JSON.parse((await tx("multi-sign", draft, "board", ...parts, ...facts, "--signature-only")).stdout);
  expect(alone.signatures).toEqual([
    {
      public_key: expect.objectContaining({ "@type": "/cosmos.crypto.multisig.LegacyAminoPubKey", threshold: 2 }),
      data: {
        multi: {
          bitarray: JSON.parse(joined.stdout).auth_info.signer_infos[0].mode_info.multi.bitarray,
          signatures: parts.map(() => ({
            single: { mode: "SIGN_MODE_LEGACY_AMINO_JSON", signature: expect.any(String) },
          })),
        },
      },
      sequence: String(firstSequence),
    },
  ]);
});

describe("tx sign-batch", () => {
  test("signs the transactions of several files in their order, or gives the signatures alone", async () => {
    const { address } = (await wallets.get("ada")!.getAccounts())[0]!;
    const paths: string[] = [];
    for (const amount of amounts) {
      const path = join(home.path, `single-${amount}.json`);
      writeFileSync(
        path,
        await home.ok(["tx", "bank", "send", address, board, `${amount}uopen`, "--generate-only", "--offline"]),
      );
      paths.push(path);
    }
    const signed = await tx("sign-batch", ...paths, "--from", "ada", ...facts);
    const sequences = signed.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).auth_info.signer_infos[0].sequence);
    expect(sequences).toEqual(["4", "5"]);
    const alone = await tx("sign-batch", ...paths, "--from", "ada", "--signature-only", ...facts);
    const documents = alone.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).signatures[0]);
    expect(documents.map(({ sequence }) => sequence)).toEqual(["4", "5"]);
    expect(documents.map(({ data }) => data.single.signature)).toEqual(
      signed.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).signatures[0]),
    );
    const one = JSON.parse(
      (await tx("sign-batch", ...paths, "--from", "ada", "--append", "--note", "both", ...facts)).stdout,
    );
    expect(one.body.messages.map(({ amount }: { amount: unknown }) => amount)).toEqual(
      amounts.map((amount) => [{ denom: "uopen", amount }]),
    );
    expect([one.body.memo, one.auth_info.fee.gas_limit, one.signatures.length]).toEqual(["both", "400000", 1]);
  });
});
