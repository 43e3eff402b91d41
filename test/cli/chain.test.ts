// A chain run from a shell, as a script would: made, started, asked and paid on with one command after the other. One node
// serves all tests of this file. Shapes are checked against what simd prints.
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { StargateClient } from "@cosmjs/stargate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_INFLATION } from "../support/chain-harness.ts";
import { vector, vectorsPresent } from "../vectors/vectors.ts";
import { type RunOptions, run, start, type TemporaryHome, temporaryHome } from "./harness.ts";

interface TxAnswer {
  readonly height: string;
  readonly txhash: string;
  readonly codespace: string;
  readonly code: number;
  readonly raw_log: string;
  readonly gas_used: string;
  readonly events: readonly { readonly type: string }[];
}

const chainId = "script-1";
const keyring = ["--keyring-backend", "test"];
let home: TemporaryHome;
let node: ChildProcess;
let nodeLog = "";
let rpc = "";
const address: Record<string, string> = {};

/** Two ports that are free now. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** A block as simd prints it. */
interface BlockJson {
  readonly header: { readonly height: string };
  readonly last_commit: { readonly block_id: { readonly hash: string }; readonly signatures: readonly unknown[] };
}

const query = async (...words: string[]) => JSON.parse(await home.ok(["query", ...words, "--node", rpc, "-o", "json"]));
const tx = (words: readonly string[], options?: RunOptions) =>
  home.run(["tx", ...words, "--node", rpc, "--chain-id", chainId, ...keyring], options);

/** Runs a `tx` command that must succeed and gives its stdout. */
async function txOk(...words: string[]): Promise<string> {
  const outcome = await tx(words);
  if (outcome.code !== 0) throw new Error(`tx ${words.join(" ")} ended with ${outcome.code}: ${outcome.stderr}`);
  return outcome.stdout;
}

/** Sends a transaction and waits for its block. */
async function commit(...words: string[]): Promise<TxAnswer> {
  const sent = await txOk(...words, "--yes");
  return query("wait-tx", (JSON.parse(sent) as TxAnswer).txhash, "--timeout", "30s") as Promise<TxAnswer>;
}

beforeAll(async () => {
  home = temporaryHome();
  await home.ok(["init", "scripted", "--chain-id", chainId]);
  const genesisFile = join(home.path, "config", "genesis.json");
  const genesis = JSON.parse(readFileSync(genesisFile, "utf8")) as { app_state: { mint: unknown } };
  genesis.app_state.mint = NO_INFLATION; // the last test counts every coin
  writeFileSync(genesisFile, JSON.stringify(genesis));
  await home.ok(["config", "set", "config", "consensus.timeout_commit", "200ms"]);
  for (const name of ["alice", "bob", "carol"]) {
    const { stdout } = await home.run(["keys", "add", name, ...keyring, "-o", "json"]);
    address[name] = (JSON.parse(stdout) as { address: string }).address;
  }
  await home.ok(["genesis", "add-genesis-account", "alice", "2000000000uopen,1000ushare", ...keyring]);
  await home.ok(["genesis", "add-genesis-account", address.bob!, "1000000uopen"]);
  await home.ok(["genesis", "gentx", "alice", "1000000000uopen", "--chain-id", chainId, ...keyring]);
  await home.ok(["genesis", "collect-gentxs"]);
  await home.ok(["genesis", "validate"]);
  const port = await freePort();
  rpc = `tcp://127.0.0.1:${port}`;
  node = start(["start", "--home", home.path, "--rpc.laddr", rpc, "--p2p.laddr", "", "--api.enable", "false"]);
  node.stderr?.on("data", (chunk: Buffer) => {
    nodeLog += chunk.toString("utf8");
  });
  for (let attempt = 0; !nodeLog.includes("node started"); attempt++) {
    if (attempt > 300 || node.exitCode !== null) throw new Error(`the node did not start: ${nodeLog}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}, 120_000);

afterAll(() => {
  node?.kill("SIGKILL");
  home?.remove();
});

describe("files of the home folder", () => {
  const shapeOf = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shapeOf)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
        : typeof value;

  test.skipIf(!vectorsPresent)(
    "the genesis transaction has the shape of simd's, member for member and in order",
    () => {
      const folder = join(home.path, "config", "gentx");
      const [name] = readdirSync(folder);
      expect(name).toMatch(/^gentx-[0-9a-f]{40}\.json$/);
      const own: unknown = JSON.parse(readFileSync(join(folder, name!), "utf8"));
      expect(JSON.stringify(shapeOf(own))).toBe(JSON.stringify(shapeOf(vector("genesis/simapp53-gentx.json"))));
    },
  );

  test.skipIf(!vectorsPresent)("the key files are CometBFT's", () => {
    for (const file of ["priv_validator_key", "node_key"]) {
      const own: unknown = JSON.parse(readFileSync(join(home.path, "config", `${file}.json`), "utf8"));
      expect(JSON.stringify(shapeOf(own))).toBe(JSON.stringify(shapeOf(vector(`genesis/simapp53-${file}.json`))));
    }
    // Since the node has run, its journal alone says what the key has signed.
    expect(
      JSON.parse(readFileSync(join(home.path, "data", "priv_validator_state.json.superseded"), "utf8")),
    ).toHaveProperty("height");
  });

  test("show-node-id and show-validator agree with what the node says of itself", async () => {
    const status = JSON.parse(await home.ok(["status", "--node", rpc])) as {
      node_info: { id: string; network: string };
      validator_info: { pub_key: { value: string } };
    };
    expect((await home.ok(["comet", "show-node-id"])).trim()).toBe(status.node_info.id);
    expect(JSON.parse(await home.ok(["tendermint", "show-validator"]))).toEqual({
      "@type": "/cosmos.crypto.ed25519.PubKey",
      key: status.validator_info.pub_key.value,
    });
    expect(status.node_info.network).toBe(chainId);
  });
});

describe("init", () => {
  test("prints the chain's facts as JSON on stderr, and does not replace a genesis unasked", async () => {
    const other = temporaryHome();
    try {
      const made = await other.run(["init", "again", "--chain-id", "other-1", "--default-denom", "ustake"]);
      expect(made.stdout).toBe("");
      const facts = JSON.parse(made.stderr) as { app_message: { staking: { params: { bond_denom: string } } } };
      expect(facts).toMatchObject({
        moniker: "again",
        chain_id: "other-1",
        gentxs_dir: "",
        node_id: expect.stringMatching(/^[0-9a-f]{40}$/),
      });
      expect(facts.app_message.staking.params.bond_denom).toBe("ustake");
      const key = readFileSync(join(other.path, "config", "priv_validator_key.json"), "utf8");
      const refused = await other.run(["init", "again", "--chain-id", "other-2"]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/^error: genesis\.json file already exists: .*--overwrite.*\n$/);
      expect((await other.run(["init", "again", "--chain-id", "other-2", "--overwrite"])).code).toBe(0);
      expect(readFileSync(join(other.path, "config", "priv_validator_key.json"), "utf8")).toBe(key);
      expect(await other.ok(["sign-state", "show", "-o", "json"])).toContain('"height":"0"');
    } finally {
      other.remove();
    }
  });
});

describe("transactions", () => {
  test("a send is answered with simd's TxResponse, and both balances move", async () => {
    const sent = await tx(["bank", "send", "alice", address.carol!, "1500uopen,7ushare", "--note", "a note", "-y"]);
    expect(sent.stderr).toBe("");
    const answer = JSON.parse(sent.stdout) as TxAnswer;
    expect(Object.keys(answer)).toEqual([
      ...["height", "txhash", "codespace", "code", "data", "raw_log", "logs", "info", "gas_wanted", "gas_used", "tx"],
      ...["timestamp", "events"],
    ]);
    expect(answer).toMatchObject({
      height: "0",
      code: 0,
      codespace: "",
      txhash: expect.stringMatching(/^[0-9A-F]{64}$/),
    });
    const included = (await query("wait-tx", answer.txhash)) as TxAnswer & {
      tx: { "@type": string; body: { memo: string } };
    };
    expect(included).toMatchObject({ code: 0, tx: { "@type": "/cosmos.tx.v1beta1.Tx", body: { memo: "a note" } } });
    expect(included.events.map((event) => event.type)).toContain("transfer");
    expect(await query("bank", "balances", address.carol!)).toEqual({
      balances: [
        { denom: "uopen", amount: "1500" },
        { denom: "ushare", amount: "7" },
      ],
      pagination: { next_key: null, total: "2" },
    });
    expect(((await query("tx", answer.txhash)) as TxAnswer).height).toBe(included.height);
    const found = (await query(
      "txs",
      "--query",
      `message.sender='${address.alice}' AND tx.height=${included.height}`,
    )) as { txs: TxAnswer[] };
    expect(found.txs.map((one) => one.txhash)).toEqual([answer.txhash]);
  });

  test("CosmJS sees the account the command line used", async () => {
    const client = await StargateClient.connect(rpc.replace("tcp", "http"));
    const account = await client.getAccount(address.alice!);
    const answer = (await query("auth", "account", address.alice!)) as {
      account: { type: string; value: { sequence: string } };
    };
    expect(answer.account.type).toBe("/cosmos.auth.v1beta1.BaseAccount");
    expect(answer.account.value.sequence).toBe(String(account!.sequence));
    client.disconnect();
  });

  test("gas auto simulates, says so on stderr, and pays the price it was told", async () => {
    const sent = await tx([
      "bank",
      "send",
      "alice",
      address.bob!,
      "1uopen",
      "--gas",
      "auto",
      "--gas-adjustment",
      "1.3",
      "--gas-prices",
      "0.01uopen",
      "-y",
    ]);
    expect(sent.stderr).toMatch(/^gas estimate: \d+\n$/);
    const answer = (await query("wait-tx", (JSON.parse(sent.stdout) as TxAnswer).txhash)) as TxAnswer & {
      gas_wanted: string;
      tx: { auth_info: { fee: { amount: { amount: string }[]; gas_limit: string } } };
    };
    expect(answer.code).toBe(0);
    const { fee } = answer.tx.auth_info;
    expect(fee.gas_limit).toBe(answer.gas_wanted);
    expect(fee.amount[0]!.amount).toBe(String((BigInt(fee.gas_limit) + 99n) / 100n));
  });

  test("--dry-run prints the estimate on stderr and sends nothing", async () => {
    const before = await query("auth", "account", address.alice!);
    const dry = await tx(["bank", "send", "alice", address.bob!, "1uopen", "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, stdout: "", stderr: expect.stringMatching(/^gas estimate: \d+\n$/) });
    expect(await query("auth", "account", address.alice!)).toEqual(before);
  });

  test.each(["direct", "amino-json"])(
    "a transaction is made, signed in %s mode and sent in three steps",
    async (mode) => {
      const draft = join(home.path, `draft-${mode}.json`);
      const signed = join(home.path, `signed-${mode}.json`);
      const made = await tx(["bank", "send", "alice", address.bob!, "3uopen", "--generate-only"]);
      writeFileSync(draft, made.stdout);
      expect(JSON.parse(made.stdout)).toMatchObject({ auth_info: { signer_infos: [] }, signatures: [] });
      const unsigned = await tx(["broadcast", draft]);
      expect(unsigned.code).toBe(1);
      expect(unsigned.stderr).toContain("not signed");
      expect(
        (await tx(["sign", draft, "--from", "alice", "--sign-mode", mode, "--output-document", signed])).code,
      ).toBe(0);
      const base64 = (await home.ok(["tx", "encode", signed])).trim();
      expect(JSON.parse(await home.ok(["tx", "decode", base64]))).toEqual(JSON.parse(readFileSync(signed, "utf8")));
      const sent = JSON.parse(await txOk("broadcast", signed)) as TxAnswer;
      expect(await query("wait-tx", sent.txhash)).toMatchObject({ code: 0 });
    },
  );

  test.each(["direct", "amino-json"])(
    "unordered transactions signed in %s mode run without a sequence",
    async (mode) => {
      const sequenceOf = async () => JSON.stringify(await query("auth", "account", address.alice!));
      const before = await sequenceOf();
      const flags = ["--unordered", "--timeout-duration", "2m", "--sign-mode", mode];
      const answer = (await commit("bank", "send", "alice", address.bob!, "2uopen", ...flags)) as TxAnswer & {
        tx: {
          body: { unordered: boolean; timeout_timestamp: string };
          auth_info: { signer_infos: { sequence: string }[] };
        };
      };
      expect([answer.code, answer.tx.body.unordered, answer.tx.auth_info.signer_infos[0]?.sequence]).toEqual([
        0,
        true,
        "0",
      ]);
      expect(answer.tx.body.timeout_timestamp).toMatch(/^20\d\d-/);
      expect(await sequenceOf()).toBe(before);
    },
  );

  test("how long a transaction is good for must make sense", async () => {
    const refused = async (...flags: string[]) =>
      (await tx(["bank", "send", "alice", address.bob!, "2uopen", "-y", ...flags])).stderr;
    expect(await refused("--unordered")).toContain("--unordered needs --timeout-duration");
    expect(await refused("--unordered", "--timeout-duration", "1m", "--sequence", "4")).toContain(
      "an unordered transaction has no sequence",
    );
    expect(await refused("--timeout-height", "9", "--timeout-duration", "1m")).toContain("cannot be used together");
    expect(await refused("--timeout-duration", "soon")).toContain("--timeout-duration soon is not a length of time");
    // The chain's own bound: ten minutes for one that is unordered.
    expect(await refused("--unordered", "--timeout-duration", "11m")).toContain("unordered tx ttl exceeds 10m0s");
    expect((await commit("bank", "send", "alice", address.bob!, "2uopen", "--timeout-duration", "1m")).code).toBe(0);
  });

  test("several transactions are signed at once, with one sequence after the other", async () => {
    const send = (amount: string) =>
      txOk("bank", "send", "bob", address.alice!, amount, "--generate-only", "--from", "bob");
    const file = join(home.path, "batch.json");
    writeFileSync(file, `${(await send("1uopen")).trim()}\n${(await send("2uopen")).trim()}\n`);
    const { info } = (await query("auth", "account-info", address.bob!)) as { info: { sequence: string } };
    const signed = (await txOk("sign-batch", file, "--from", "bob")).trim().split("\n");
    const sequences = signed.map(
      (line) => (JSON.parse(line) as { auth_info: { signer_infos: { sequence: string }[] } }).auth_info.signer_infos,
    );
    expect(sequences.map(([one]) => BigInt(one!.sequence) - BigInt(info.sequence))).toEqual([0n, 1n]);
    for (const line of signed) {
      writeFileSync(file, line);
      const { txhash } = JSON.parse(await txOk("broadcast", file)) as TxAnswer;
      expect(((await query("wait-tx", txhash, "--timeout", "30s")) as TxAnswer).code).toBe(0);
    }
    writeFileSync(file, "\n");
    expect((await tx(["sign-batch", file, "--from", "bob"])).stderr).toContain("holds no transaction");
  });

  test("two of three members move a multisig's coins", async () => {
    const made = await home.run([
      "keys",
      "add",
      "board",
      "--multisig",
      "alice,bob,carol",
      "--multisig-threshold",
      "2",
      ...keyring,
      "-o",
      "json",
    ]);
    const board = (JSON.parse(made.stdout) as { address: string }).address;
    expect((await commit("bank", "send", "alice", board, "5000uopen")).code).toBe(0);
    const draft = join(home.path, "board.json");
    const generated = await tx(["bank", "send", board, address.carol!, "4000uopen", "--generate-only"]);
    writeFileSync(draft, generated.stdout);
    const parts: string[] = [];
    for (const member of ["alice", "bob"]) {
      const part = join(home.path, `board-${member}.json`);
      const signed = await tx(["sign", draft, "--from", member, "--multisig", "board", "--output-document", part]);
      expect(signed).toMatchObject({ code: 0, stderr: "" });
      parts.push(part);
    }
    const alone = await tx(["multi-sign", draft, "board", parts[0]!]);
    expect(alone.stderr).toContain("needs 2 signatures and 1 were given");
    const file = join(home.path, "board-signed.json");
    writeFileSync(file, await txOk("multi-sign", draft, "board", ...parts));
    // simd's own lines; three tabs stand before the verdict.
    const lines = `Signers:\n  0: ${board}\n\nSignatures:\n  0: ${board}\t\t\t[OK]\n\n`;
    expect(await tx(["validate-signatures", file])).toMatchObject({ code: 0, stdout: lines, stderr: "" });
    expect(await tx(["validate-signatures", draft])).toMatchObject({
      code: 1,
      stdout: `Signers:\n  0: ${board}\n\nSignatures:\n\n`,
    });
    const simulated = JSON.parse(await txOk("simulate", draft)) as { gas_info: { gas_used: string }; result: object };
    expect(BigInt(simulated.gas_info.gas_used)).toBeGreaterThan(10_000n);
    expect(Object.keys(simulated.result)).toEqual(["data", "log", "events", "msg_responses"]);
    const sent = JSON.parse(await txOk("broadcast", file)) as TxAnswer;
    expect(await query("wait-tx", sent.txhash)).toMatchObject({ code: 0 });
    // The sequence has moved on: the same signatures hold no more.
    expect(await tx(["validate-signatures", file])).toMatchObject({
      code: 1,
      // Members stand in the order of their addresses, so the first who signed may be the second.
      stderr: expect.stringMatching(/failed to verify signature: unable to verify signature at index [01]/),
    });
    expect(await tx(["validate-signatures", file, "--offline"])).toMatchObject({ code: 0, stdout: lines });
    expect(await query("bank", "balance", board, "uopen")).toEqual({ balance: { denom: "uopen", amount: "1000" } });
  });

  test("a delegation and a second validator are made by message", async () => {
    const { validators } = (await query("staking", "validators")) as {
      validators: { operator_address: string; tokens: string }[];
    };
    expect(validators).toHaveLength(1);
    const operator = validators[0]!.operator_address;
    expect((await commit("staking", "delegate", operator, "500000uopen", "--from", "bob")).code).toBe(0);
    const { delegation_response } = (await query("staking", "delegation", address.bob!, operator)) as {
      delegation_response: { balance: { amount: string } };
    };
    expect(delegation_response.balance.amount).toBe("500000");
    const file = join(home.path, "validator.json");
    const pubkey = { "@type": "/cosmos.crypto.ed25519.PubKey", key: Buffer.alloc(32, 9).toString("base64") };
    writeFileSync(
      file,
      JSON.stringify({
        pubkey,
        amount: "100uopen",
        moniker: "second",
        "commission-rate": "0.05",
        "min-self-delegation": "1",
      }),
    );
    expect((await commit("staking", "create-validator", file, "--from", "bob")).code).toBe(0);
    const after = (await query("staking", "validators")) as { validators: { description: { moniker: string } }[] };
    expect(after.validators.map((one) => one.description.moniker).sort()).toEqual(["scripted", "second"]);
    // Bob stakes with both now.
    const withdrawn = await commit("distribution", "withdraw-all-rewards", "--from", "bob", "--gas", "800000");
    expect(withdrawn.code).toBe(0);
    expect(withdrawn.events.filter(({ type }) => type === "withdraw_rewards")).toHaveLength(2);
    const many = await tx(["distribution", "withdraw-all-rewards", "--from", "bob", "--yes", "--max-msgs", "1"]);
    expect([many.code, many.stderr]).toEqual([2, expect.stringContaining("2 validators, more than --max-msgs 1")]);
    const { code, stderr } = await tx(["distribution", "withdraw-all-rewards", "--from", "carol", "--yes"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${address.carol} stakes with no validator`);
  });

  test("a proposal is submitted from a file and voted on", async () => {
    const { address: authority } = (await query("upgrade", "authority")) as { address: string };
    const file = join(home.path, "proposal.json");
    const proposal = {
      messages: [{ "@type": "/cosmos.upgrade.v1beta1.MsgCancelUpgrade", authority }],
      deposit: "10000000uopen",
      title: "Stay",
      summary: "No upgrade",
    };
    writeFileSync(file, JSON.stringify(proposal));
    expect((await commit("gov", "submit-proposal", file, "--from", "alice", "--gas", "400000")).code).toBe(0);
    expect((await commit("gov", "vote", "1", "yes", "--from", "alice")).code).toBe(0);
    const { proposal: found } = (await query("gov", "proposal", "1")) as {
      proposal: { status: string; title: string; messages: unknown };
    };
    expect([found.status, found.title]).toEqual(["PROPOSAL_STATUS_VOTING_PERIOD", "Stay"]);
    expect(JSON.stringify(found.messages)).toContain(authority);
    const { vote } = (await query("gov", "vote", "1", address.alice!)) as { vote: { options: unknown } };
    expect(vote.options).toEqual([{ option: "VOTE_OPTION_YES", weight: "1.000000000000000000" }]);
    writeFileSync(file, JSON.stringify({ ...proposal, titel: "x" }));
    expect((await tx(["gov", "submit-proposal", file, "--from", "alice"])).stderr).toContain(
      'there is no member "titel"',
    );
  });

  test("a native module has commands nobody wrote: fields become arguments and flags, JSON is checked by the schema", async () => {
    const created = await commit(
      "datanet",
      "create-datanet",
      "papers",
      "CC-BY-4.0",
      "--terms",
      "be kind",
      "--admission",
      "open",
      "--from",
      "bob",
    );
    expect(created.code).toBe(0);
    const { datanet } = (await query("datanet", "datanet-by-name", "papers")) as { datanet: object };
    expect(datanet).toMatchObject({
      owner: address.bob,
      licence: "CC-BY-4.0",
      terms: "be kind",
      admission: "ADMISSION_OPEN",
    });
    const wrong = await tx(["datanet", "contribute", "1", "--from", "bob", "--records", '[{"colour":"blue"}]', "-y"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(
      /^error: tributary\.datanet\.v1\.MsgContribute\.records\[0\]: unknown field "colour".*nothing was sent\.\n$/,
    );
    const help = await home.ok(["tx", "datanet", "create-datanet", "--help"]);
    expect(help).toContain("Usage: tributaryd tx datanet create-datanet [options] [name] [licence]");
    expect(help).toContain("--admission <name>");
  });

  test("the state of an earlier height can be asked for", async () => {
    const then = (await query("bank", "balance", address.bob!, "uopen", "--height", "1")) as {
      balance: { amount: string };
    };
    expect(then.balance.amount).toBe("1000000");
  });

  test("text output is YAML as simd prints it", async () => {
    expect(await home.ok(["q", "staking", "params", "--node", rpc])).toBe(
      'params:\n  bond_denom: uopen\n  historical_entries: 10000\n  max_entries: 7\n  max_validators: 100\n  min_commission_rate: "0.000000000000000000"\n  unbonding_time: 504h0m0s\n',
    );
  });

  test("the node's own services have simd's words", async () => {
    const { block } = (await query("consensus", "comet", "block-by-height", "1")) as {
      block: { header: { height: string; chain_id: string } };
    };
    expect(block.header).toMatchObject({ height: "1", chain_id: chainId });
    const { default_node_info } = (await query("consensus", "comet", "node-info")) as {
      default_node_info: { network: string };
    };
    expect(default_node_info.network).toBe(chainId);
    expect((await query("consensus", "comet", "validator-set")) as object).toMatchObject({
      validators: [{ voting_power: expect.stringMatching(/^\d+$/) }],
    });
    expect((await query("node", "config")) as object).toMatchObject({ minimum_gas_price: "0uopen" });
    expect(BigInt(((await query("node", "status")) as { height: string }).height)).toBeGreaterThan(1n);
  });

  test("blocks and their results are shown", async () => {
    // simd prints the protobuf message: bytes are base64, and a hash is taken for one as it looks.
    const block = (await query("block", "2")) as BlockJson;
    expect(block).toMatchObject({
      header: { height: "2", chain_id: chainId },
      data: { txs: [] },
      evidence: { evidence: [] },
    });
    expect(Object.keys(block)).toEqual(["header", "data", "evidence", "last_commit"]);
    expect(Buffer.from(block.last_commit.block_id.hash, "base64")).toHaveLength(32);
    expect(block.last_commit.signatures[0]).toMatchObject({ block_id_flag: "BLOCK_ID_FLAG_COMMIT" });
    const hash = Buffer.from(block.last_commit.block_id.hash, "base64").toString("hex").toUpperCase();
    expect(await query("block", hash)).toMatchObject({ header: { height: "1" } });
    expect(await query("block", "--type=hash", hash)).toEqual(await query("block", "--type=height", "1"));
    expect(await query("block-results", "1")).toMatchObject({ height: 1 });
    expect(await query("blocks", "--query", "block.height = 2")).toEqual({
      ...{ total_count: "1", count: "1", page_number: "1", page_total: "1", limit: "100" },
      blocks: [block],
    });
    const latest = await home.run(["query", "block", "--node", rpc, "-o", "json"]);
    expect(latest.stderr).toBe("Falling back to latest block height:\n");
    expect(BigInt((JSON.parse(latest.stdout) as BlockJson).header.height)).toBeGreaterThan(1n);
  });

  test("the validators that sign are shown with their consensus addresses, under all of simd's names", async () => {
    for (const name of ["comet-validator-set", "cometbft-validator-set", "tendermint-validator-set"])
      expect(await query(name, "2")).toEqual({
        block_height: "2",
        validators: [
          {
            address: expect.stringMatching(/^tribvalcons1/),
            pub_key: { "@type": "/cosmos.crypto.ed25519.PubKey", key: expect.any(String) },
            voting_power: expect.stringMatching(/^\d+$/),
            proposer_priority: expect.any(String),
          },
        ],
        pagination: { next_key: null, total: "1" },
      });
    expect(await query("consensus", "comet", "comet-validator-set")).toHaveProperty("validators");
  });

  test("the SDK's other words for queries are known, and flags of all commands", async () => {
    const [one] = ((await query("staking", "validators")) as { validators: { operator_address: string }[] }).validators;
    expect(await query("staking", "redelegation", address.bob!, one!.operator_address)).toMatchObject({
      redelegation_responses: [],
    });
    expect(await query("authz", "grants", address.alice!, address.bob!)).toMatchObject({ grants: [] });
    expect(await query("gov", "params", "voting")).toHaveProperty("voting_params");
    expect(await query("upgrade", "module-versions", "bank")).toMatchObject({ module_versions: [{ name: "bank" }] });
    expect(await query("bank", "total")).toEqual(await query("bank", "total-supply"));
    expect(await query("bank", "denom-owners-by-query", "--denom", "none")).toMatchObject({ denom_owners: [] });
    expect(await query("upgrade", "module_versions")).toEqual(await query("upgrade", "module-versions"));
    const status = await home.run(["--log_level", "error", "status", "-n", rpc, "--log_format", "json", "--trace"]);
    expect(status).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("bad input gets one line: what was wrong, what to do, nothing lost", () => {
  const oneLine = /^error: [^\n]+\n$/;

  test.each([
    [
      "an unknown flag",
      ["bank", "send", "alice", "x", "1uopen", "--fee", "1uopen"],
      2,
      /unknown option '--fee' \(Did you mean --fees\?\)/,
    ],
    ["an unknown message", ["bank", "sedn"], 1, /unknown command 'sedn' \(Did you mean send\?\)/],
    ["a missing argument", ["bank", "send", "alice"], 2, /missing required argument/],
    [
      "fees and gas prices together",
      ["bank", "send", "alice", "bob", "1uopen", "--fees", "1uopen", "--gas-prices", "1uopen", "-y"],
      2,
      /cannot provide both fees and gas prices/,
    ],
    ["an amount that is none", ["bank", "send", "alice", "bob", "lots", "-y"], 2, /amount: .*lots.*coins look like/i],
    ["an unknown key", ["bank", "send", "nobody", "bob", "1uopen", "-y"], 1, /there is no key named nobody/],
    [
      "a validator that does not exist",
      [
        "staking",
        "delegate",
        "tribvaloper1qel04ttpsjwqyy7fusq7cjgzqxfl8a6eck0hd3",
        "1uopen",
        "--from",
        "bob",
        "-y",
        "--gas",
        "auto",
      ],
      1,
      /./,
    ],
    ["an answer that does not come", ["bank", "send", "alice", "bob", "1uopen"], 1, /aborted/],
  ])("%s", async (_what, words, code, message) => {
    const outcome = await tx(words);
    expect(outcome.code).toBe(code);
    const lines = outcome.stderr.split("\n").filter((line) => line.startsWith("error: "));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(message);
    expect(outcome.stdout).toBe("");
  });

  test("a refused transaction shows the SDK's code and text, and the command fails", async () => {
    const outcome = await tx(["bank", "send", "carol", address.alice!, "999999999999uopen", "-y"]);
    expect(outcome.code).toBe(0);
    const answer = (await query("wait-tx", (JSON.parse(outcome.stdout) as TxAnswer).txhash).catch(
      (error: Error) => error.message,
    )) as string;
    expect(answer).toContain("insufficient funds");
    const short = await tx(["bank", "send", "carol", address.alice!, "1uopen", "-y", "--gas", "100"]);
    expect(short.code).toBe(1);
    expect((JSON.parse(short.stdout) as TxAnswer).code).toBe(11);
    expect(short.stderr).toMatch(
      /^error: the node refused the transaction: .*out of gas.*sdk code 11.*Nothing was changed on the chain\.\n$/,
    );
  });

  test("a wrong chain id is found before anything is signed", async () => {
    const outcome = await home.run([
      "tx",
      "bank",
      "send",
      "alice",
      "bob",
      "1uopen",
      "-y",
      "--node",
      rpc,
      "--chain-id",
      "elsewhere-9",
      ...keyring,
    ]);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toMatch(oneLine);
    expect(outcome.stderr).toContain(`runs the chain ${chainId}, not elsewhere-9`);
  });

  test("an account that never received anything is told so", async () => {
    await home.run(["keys", "add", "empty", ...keyring, "-o", "json"]);
    const outcome = await tx(["bank", "send", "empty", address.alice!, "1uopen", "-y"]);
    expect(outcome.stderr).toMatch(
      /does not exist on this chain\. An account begins to exist when it first receives coins/,
    );
  });

  test("a node that is not there is named, with what to do", async () => {
    const outcome = await home.run(["status", "--node", "tcp://127.0.0.1:1"]);
    expect(outcome.code).toBe(69);
    expect(outcome.stderr).toMatch(/^error: cannot reach the node at http:\/\/127\.0\.0\.1:1: .*tributaryd start.*\n$/);
  });

  test("a hash that is none, and one of no transaction", async () => {
    expect((await home.run(["q", "tx", "abc", "--node", rpc])).stderr).toMatch(/is not a transaction hash/);
    expect((await home.run(["q", "tx", "0".repeat(64), "--node", rpc])).stderr).toMatch(/^error: no transaction found/);
  });

  test("a port in use keeps a second node from starting, and says which setting to change", async () => {
    const other = temporaryHome();
    try {
      await other.ok(["init", "second", "--chain-id", "second-1"]);
      await other.ok(["keys", "add", "v", ...keyring, "-o", "json"]);
      await other.ok(["genesis", "add-genesis-account", "v", "10000000uopen", ...keyring]);
      await other.ok(["genesis", "gentx", "v", "5000000uopen", ...keyring]);
      await other.ok(["genesis", "collect-gentxs"]);
      const outcome = await other.run(["start", "--rpc.laddr", rpc, "--p2p.laddr", "", "--log_level", "error"]);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(/error: RPC: 127\.0\.0\.1:\d+ is in use.*laddr/);
    } finally {
      other.remove();
    }
  });

  test.skipIf(process.platform !== "linux")("a home where nothing can be written is refused at once", async () => {
    for (const words of [["init", "x"], ["keys", "add", "x", ...keyring], ["dev"]]) {
      const outcome = await run([...words, "--home", "/proc/nothing"]);
      expect(outcome.code).toBe(74);
      expect(outcome.stderr).toMatch(/^error: \/proc\/nothing[^\n]*\n$/);
    }
  });

  test("a second node in the same home is refused", async () => {
    const outcome = await home.run([
      "start",
      "--rpc.laddr",
      "tcp://127.0.0.1:0",
      "--p2p.laddr",
      "",
      "--log_level",
      "none",
    ]);
    expect(outcome.code).not.toBe(0);
    expect(outcome.stderr).toMatch(/^error: .*in use by another process/);
  });

  test("a broken genesis names the field, when checked and when started", async () => {
    const other = temporaryHome();
    try {
      await other.ok(["init", "broken", "--chain-id", "broken-1"]);
      const path = join(other.path, "config", "genesis.json");
      const genesis = JSON.parse(readFileSync(path, "utf8")) as {
        app_state: { staking: { params: { max_validators: unknown } } };
      };
      genesis.app_state.staking.params.max_validators = "many";
      writeFileSync(path, JSON.stringify(genesis));
      const checked = await other.run(["genesis", "validate"]);
      expect(checked.code).toBe(1);
      expect(checked.stderr).toMatch(
        /error: .*genesis\.json: app_state\.staking\.params\.max_validators: expected an integer/,
      );
      const started = await other.run([
        "start",
        "--rpc.laddr",
        "tcp://127.0.0.1:0",
        "--p2p.laddr",
        "",
        "--log_level",
        "none",
      ]);
      expect(started.code).not.toBe(0);
      expect(started.stderr).toMatch(/^error: .*max_validators/);
      writeFileSync(path, "{ not json");
      expect((await other.run(["genesis", "validate"])).stderr).toMatch(/^error: .*is not valid JSON/);
    } finally {
      other.remove();
    }
  });

  test("a setting that does not exist is refused, an existing one is changed in place", async () => {
    expect((await home.run(["config", "set", "client", "colour", "blue"])).stderr).toMatch(
      /^error: there is no setting colour/,
    );
    await home.ok(["config", "set", "client", "output", "json"]);
    expect(await home.ok(["config", "get", "client", "output"])).toBe("json\n");
    expect(readFileSync(join(home.path, "config", "client.toml"), "utf8")).toContain("# How data is printed");
    await home.ok(["config", "set", "client", "output", "text"]);
  });
});

describe("the end", () => {
  let supply: unknown;

  test("export and invariants leave a running node alone", async () => {
    ({ supply } = (await query("bank", "total-supply")) as { supply: unknown });
    const outcome = await home.run(["export"]);
    expect(outcome).toMatchObject({ stdout: "", stderr: expect.stringMatching(/^error: .*in use by another process/) });
  });

  test("SIGTERM stops the node cleanly with exit code 0", async () => {
    const ended = new Promise<number | null>((resolve) => node.once("exit", (code) => resolve(code)));
    node.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(nodeLog).toContain("node stopped");
    const down = await home.run(["status", "--node", rpc]);
    expect(down.code).toBe(69);
  });

  test("the stopped chain keeps its invariants and exports a genesis that goes on from it", async () => {
    expect(await home.ok(["invariants"])).toMatch(/^every invariant holds at height \d+\n$/);
    const file = join(home.path, "exported.json");
    await home.ok(["export", "--output-document", file]);
    await home.ok(["genesis", "validate", file]);
    const exported = JSON.parse(readFileSync(file, "utf8")) as {
      initial_height: number;
      chain_id: string;
      app_state: { bank: { supply: unknown }; staking: { exported: boolean } };
      consensus: { validators: unknown[] };
    };
    expect(exported).toMatchObject({ chain_id: chainId, app_state: { staking: { exported: true } } });
    expect(exported.app_state.bank.supply).toEqual(supply);
    expect(exported.consensus.validators).toHaveLength(1);
    expect(exported.initial_height).toBeGreaterThan(1);
  });
});
