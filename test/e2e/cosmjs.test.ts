// The chain as unmodified CosmJS from npm sees it: every call a wallet makes, and proofs checked by @confio/ics23 against
// an app hash from a header.

import {
  calculateExistenceRoot,
  iavlSpec,
  ics23,
  tendermintSpec,
  verifyExistence,
  verifyNonExistence,
} from "@confio/ics23";
import {
  createMultisigThresholdPubkey,
  encodeSecp256k1Pubkey,
  pubkeyToAddress,
  Secp256k1HdWallet,
} from "@cosmjs/amino";
import { stringToPath } from "@cosmjs/crypto";
import { fromBech32, toBech32, toUtf8 } from "@cosmjs/encoding";
import {
  coins,
  GasPrice,
  makeMultisignedTxBytes,
  QueryClient,
  SigningStargateClient,
  setupStakingExtension,
  setupTxExtension,
} from "@cosmjs/stargate";
import { connectComet } from "@cosmjs/tendermint-rpc";
import { QueryBalanceRequest, QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningNode } from "../../node/main.ts";
import { BONDED, type ChainHome, chainHome, FUNDS, mnemonic, operatorAddress, wallet } from "./chain-home.ts";
import { startIn } from "./nodes.ts";

let home: ChainHome;
let node: RunningNode;
let client: SigningStargateClient;
let alice = "";
let bob = "";
let carol = "";

const fee = { amount: coins(500, "uopen"), gas: "200000" };
const fast = { broadcastPollIntervalMs: 25 };

beforeAll(async () => {
  home = await chainHome({ peerAddress: "" });
  node = await startIn(home);
  [alice = "", bob = "", carol = ""] = home.addresses;
  client = await SigningStargateClient.connectWithSigner(node.rpcUrl, await wallet(), fast);
});

afterAll(async () => {
  client.disconnect();
  await node.stop();
  home.remove();
});

async function balance(address: string): Promise<bigint> {
  return BigInt((await client.getBalance(address, "uopen")).amount);
}

describe("a wallet", () => {
  test("connects, reads an account, sends tokens and finds the transaction in every way", async () => {
    expect(await client.getChainId()).toBe(home.chainId);
    expect(await client.getAccount(bob)).toMatchObject({ address: bob, sequence: 0, pubkey: null });
    const before = await balance(bob);
    const result = await client.sendTokens(bob, carol, coins(12_345, "uopen"), fee, "a memo");
    expect([result.code, result.gasWanted]).toEqual([0, 200_000n]);
    expect(await balance(bob)).toBe(before - 12_345n - 500n);
    expect(await balance(carol)).toBe(FUNDS + 12_345n);
    expect((await client.getAccount(bob))?.sequence).toBe(1);
    const found = await client.getTx(result.transactionHash);
    expect([found?.height, found?.code]).toEqual([result.height, 0]);
    for (const query of [
      `transfer.recipient='${carol}'`,
      `tx.height=${result.height}`,
      [{ key: "message.sender", value: bob }],
      `message.action='/cosmos.bank.v1beta1.MsgSend' AND tx.height>=${result.height}`,
    ]) {
      const hashes = (await client.searchTx(query)).map(({ hash }) => hash);
      expect(hashes, JSON.stringify(query)).toContain(result.transactionHash);
    }
    expect((await client.getBlock(result.height)).txs).toHaveLength(1);
  });

  test("asks gRPC services of the node and of modules through ABCI queries", async () => {
    const comet = await connectComet(node.rpcUrl);
    const queries = QueryClient.withExtensions(comet, setupTxExtension, setupStakingExtension);
    const [found] = await client.searchTx(`transfer.sender='${bob}'`);
    const { txResponse, tx } = await queries.tx.getTx(found!.hash);
    expect([txResponse?.txhash, txResponse?.code, tx?.body?.memo]).toEqual([found!.hash, 0, "a memo"]);
    await expect(queries.tx.getTx("00".repeat(32))).rejects.toThrow(/code = NotFound desc = tx not found/);
    const { validators } = await queries.staking.validators("BOND_STATUS_BONDED");
    expect(validators.map(({ operatorAddress: one }) => one)).toEqual([operatorAddress(alice)]);
    comet.disconnect();
  });

  test("reads an account that does not exist as null, and knows its balances as none", async () => {
    const nobody = toBech32("trib", new Uint8Array(20).fill(1));
    expect(await client.getAccount(nobody)).toBeNull();
    expect(await client.getAllBalances(nobody)).toEqual([]);
  });

  test("estimates gas by simulation, and the estimate is enough", async () => {
    const message = {
      typeUrl: "/cosmos.bank.v1beta1.MsgSend",
      value: { fromAddress: alice, toAddress: bob, amount: coins(1, "uopen") },
    };
    const estimate = await client.simulate(alice, [message], "");
    expect(estimate).toBeGreaterThan(20_000);
    const gas = String(Math.ceil(estimate * 1.3));
    const sent = await client.signAndBroadcast(alice, [message], { amount: coins(500, "uopen"), gas });
    expect([sent.code, sent.rawLog]).toEqual([0, ""]);
    const automatic = await SigningStargateClient.connectWithSigner(node.rpcUrl, await wallet(), {
      ...fast,
      gasPrice: GasPrice.fromString("0.025uopen"),
    });
    expect((await automatic.sendTokens(alice, bob, coins(1, "uopen"), "auto")).code).toBe(0);
    automatic.disconnect();
  });

  test("signs in amino JSON, as a Ledger does", async () => {
    const signer = await Secp256k1HdWallet.fromMnemonic(mnemonic, {
      prefix: "trib",
      hdPaths: [stringToPath("m/44'/118'/0'/0/1")],
    });
    const amino = await SigningStargateClient.connectWithSigner(node.rpcUrl, signer, fast);
    const before = await balance(carol);
    const sent = await amino.sendTokens(bob, carol, coins(77, "uopen"), fee, "amino <&> é");
    expect(sent.code).toBe(0);
    expect(await balance(carol)).toBe(before + 77n);
    amino.disconnect();
  });

  test("delegates to a validator and reads the delegation", async () => {
    const validator = operatorAddress(alice);
    expect((await client.getDelegation(alice, validator))?.amount).toBe(BONDED.toString());
    const sent = await client.delegateTokens(bob, validator, coins(1_000_000, "uopen")[0]!, fee);
    expect([sent.code, sent.rawLog]).toEqual([0, ""]);
    expect((await client.getDelegation(bob, validator))?.amount).toBe("1000000");
    expect((await client.getBalanceStaked(bob))?.amount).toBe("1000000");
    const undelegated = await client.undelegateTokens(bob, validator, coins(400_000, "uopen")[0]!, fee);
    expect(undelegated.code).toBe(0);
    expect((await client.getDelegation(bob, validator))?.amount).toBe("600000");
  });

  test("pays from a two-of-three multisig account", async () => {
    const wallets = await Promise.all(
      [0, 1, 2].map((index) =>
        Secp256k1HdWallet.fromMnemonic(mnemonic, {
          prefix: "trib",
          hdPaths: [stringToPath(`m/44'/118'/1'/0/${index}`)],
        }),
      ),
    );
    const accounts = await Promise.all(wallets.map(async (one) => (await one.getAccounts())[0]!));
    const key = createMultisigThresholdPubkey(
      accounts.map(({ pubkey }) => encodeSecp256k1Pubkey(pubkey)),
      2,
    );
    const address = pubkeyToAddress(key, "trib");
    expect((await client.sendTokens(carol, address, coins(1_000_000, "uopen"), fee)).code).toBe(0);
    const account = await client.getAccount(address);
    const message = {
      typeUrl: "/cosmos.bank.v1beta1.MsgSend",
      value: { fromAddress: address, toAddress: bob, amount: coins(5, "uopen") },
    };
    const signerData = { accountNumber: account!.accountNumber, sequence: 0, chainId: home.chainId };
    const signatures = new Map<string, Uint8Array>();
    let bodyBytes = new Uint8Array();
    for (const index of [0, 2]) {
      const offline = await SigningStargateClient.offline(wallets[index]!);
      const signed = await offline.sign(accounts[index]!.address, [message], fee, "", signerData);
      signatures.set(accounts[index]!.address, signed.signatures[0]!);
      bodyBytes = new Uint8Array(signed.bodyBytes);
    }
    const bytes = makeMultisignedTxBytes(key, 0, fee, bodyBytes, signatures);
    const sent = await client.broadcastTx(bytes);
    expect([sent.code, sent.rawLog]).toEqual([0, ""]);
    expect(await balance(address)).toBe(1_000_000n - 5n - 500n);
    const tooFew = makeMultisignedTxBytes(key, 1, fee, bodyBytes, new Map([...signatures].slice(0, 1)));
    await expect(client.broadcastTx(tooFew)).rejects.toThrow(/code 4/);
  });
});

describe("what fails is refused with the SDK's code and changes nothing", () => {
  test("more than there is", async () => {
    const before = await balance(bob);
    const sent = await client.sendTokens(bob, carol, coins("99999999999999999", "uopen"), fee);
    expect(sent.code).toBe(5);
    expect(await balance(bob)).toBe(before - 500n);
  });

  test("too little gas", async () => {
    const attempt = client.sendTokens(bob, carol, coins(1, "uopen"), { amount: coins(500, "uopen"), gas: "100" });
    await expect(attempt).rejects.toThrow(/code 11/);
  });

  test("a wrong sequence, a wrong chain and a forged signature", async () => {
    const message = {
      typeUrl: "/cosmos.bank.v1beta1.MsgSend",
      value: { fromAddress: carol, toAddress: bob, amount: coins(1, "uopen") },
    };
    const account = await client.getAccount(carol);
    const right = { accountNumber: account!.accountNumber, sequence: account!.sequence, chainId: home.chainId };
    const bytes = async (data: typeof right) =>
      TxRaw.encode(await client.sign(carol, [message], fee, "", data)).finish();
    await expect(client.broadcastTx(await bytes({ ...right, sequence: 99 }))).rejects.toThrow(
      /code 32.*account sequence mismatch/,
    );
    await expect(client.broadcastTx(await bytes({ ...right, chainId: "other-1" }))).rejects.toThrow(/code 4/);
    const raw = await client.sign(carol, [message], fee, "", right);
    const forged = TxRaw.encode({ ...raw, signatures: [new Uint8Array(64).fill(1)] }).finish();
    await expect(client.broadcastTx(forged)).rejects.toThrow(/code 4/);
    expect((await client.getAccount(carol))?.sequence).toBe(right.sequence);
  });

  test("bytes that are no transaction", async () => {
    await expect(client.broadcastTx(toUtf8("nonsense"))).rejects.toThrow(/code 2/);
  });
});

describe("the past", () => {
  test("a query at a past height answers as it was then", async () => {
    const then = await client.getHeight();
    const before = await balance(carol);
    expect((await client.sendTokens(alice, carol, coins(9, "uopen"), fee)).code).toBe(0);
    const comet = await connectComet(node.rpcUrl);
    const data = QueryBalanceRequest.encode({ address: carol, denom: "uopen" }).finish();
    const ask = async (height?: number) => {
      const path = "/cosmos.bank.v1beta1.Query/Balance";
      const answer = await comet.abciQuery({ path, data, ...(height === undefined ? {} : { height }) });
      return BigInt(QueryBalanceResponse.decode(answer.value).balance?.amount ?? "-1");
    };
    expect(await ask(then)).toBe(before);
    expect(await ask()).toBe(before + 9n);
    comet.disconnect();
  });

  test("existence and absence are proven to the app hash of the next header", async () => {
    const comet = await connectComet(node.rpcUrl);
    const prefixed = (address: string) => {
      const { data } = fromBech32(address, 90);
      return Uint8Array.from([0x02, data.length, ...data, ...toUtf8("uopen")]);
    };
    const nobody = Uint8Array.from([0x02, 20, ...new Uint8Array(20).fill(9), ...toUtf8("uopen")]);
    const height = (await client.getHeight()) - 1;
    const header = (await comet.block(height + 1)).block.header;
    for (const [key, present] of [
      [prefixed(carol), true],
      [nobody, false],
    ] as const) {
      const answer = await comet.abciQuery({ path: "/store/bank/key", data: key, prove: true, height });
      expect(answer.height).toBe(height);
      const [treeOp, storeOp] = answer.proof?.ops ?? [];
      expect([treeOp?.type, storeOp?.type]).toEqual(["ics23:iavl", "ics23:simple"]);
      const tree = ics23.CommitmentProof.decode(treeOp?.data ?? new Uint8Array());
      const store = ics23.CommitmentProof.decode(storeOp?.data ?? new Uint8Array());
      const left = tree.nonexist?.left ?? tree.nonexist?.right;
      const root = calculateExistenceRoot((present ? tree.exist : left) as ics23.IExistenceProof);
      if (present) verifyExistence(tree.exist as ics23.IExistenceProof, iavlSpec, root, key, answer.value);
      else verifyNonExistence(tree.nonexist as ics23.INonExistenceProof, iavlSpec, root, key);
      verifyExistence(store.exist as ics23.IExistenceProof, tendermintSpec, header.appHash, toUtf8("bank"), root);
      expect(answer.value.length > 0).toBe(present);
    }
    comet.disconnect();
  });
});
