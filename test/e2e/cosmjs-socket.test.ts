/** CosmJS over one WebSocket: queries, commits that are waited for, blocks and transactions as they come. */
import { coins, SigningStargateClient } from "@cosmjs/stargate";
import { Comet38Client, type comet38 } from "@cosmjs/tendermint-rpc";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningNode } from "../../node/main.ts";
import { type ChainHome, chainHome, wallet } from "./chain-home.ts";
import { startIn } from "./nodes.ts";

let home: ChainHome;
let node: RunningNode;
let comet: Comet38Client;
let signer: SigningStargateClient;

beforeAll(async () => {
  home = await chainHome({ peerAddress: "" }, 2);
  node = await startIn(home);
  comet = await Comet38Client.connect(node.rpcUrl.replace("http://", "ws://"));
  signer = await SigningStargateClient.createWithSigner(comet, await wallet(2), { broadcastPollIntervalMs: 20 });
});

afterAll(async () => {
  comet.disconnect();
  await node.stop();
  home.remove();
});

async function signedSend(amount: number, gas = "200000"): Promise<Uint8Array> {
  const [alice = "", bob = ""] = home.addresses;
  const value = { fromAddress: alice, toAddress: bob, amount: coins(amount, "uopen") };
  const message = { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value };
  return TxRaw.encode(await signer.sign(alice, [message], { amount: [], gas }, "")).finish();
}

interface Listener<Event> {
  readonly next: (event: Event) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
}

interface EventStream<Event> {
  addListener(listener: Listener<Event>): void;
  removeListener(listener: Listener<Event>): void;
}

/** The first event that `wanted` accepts; then the subscription ends. */
async function first<Event>(stream: EventStream<Event>, wanted: (event: Event) => boolean): Promise<Event> {
  return await new Promise((resolve, reject) => {
    const listener: Listener<Event> = {
      next: (event) => {
        if (!wanted(event)) return;
        stream.removeListener(listener);
        resolve(event);
      },
      error: reject,
      complete: () => reject(new Error("the stream ended")),
    };
    stream.addListener(listener);
  });
}

test("blocks come one after the other, each with the height after the last", async () => {
  const heights: number[] = [];
  await first<comet38.NewBlockEvent>(comet.subscribeNewBlock(), ({ header }) => heights.push(header.height) >= 4);
  const [start = 0] = heights;
  expect(heights).toEqual([start, start + 1, start + 2, start + 3]);
});

test("a transaction is told to those who asked for it, and its commit to who waits for it", async () => {
  const [, bob = ""] = home.addresses;
  const told = first<comet38.TxEvent>(comet.subscribeTx(`transfer.recipient='${bob}'`), () => true);
  const tx = await signedSend(11);
  const committed = await comet.broadcastTxCommit({ tx });
  expect([committed.checkTx.code, committed.txResult?.code]).toEqual([0, 0]);
  const event = await told;
  expect([event.height, Buffer.from(event.tx).equals(tx)]).toEqual([committed.height, true]);
  expect(event.result.events).toEqual(committed.txResult?.events);
  const found = await comet.tx({ hash: committed.hash, prove: true });
  expect([found.height, found.result.code]).toEqual([committed.height, 0]);
  expect(found.proof?.rootHash).toEqual((await comet.block(found.height)).block.header.dataHash);
  const { blocks } = await comet.blockSearchAll({ query: `block.height=${committed.height}` });
  expect(blocks.map(({ block }) => block.header.height)).toEqual([committed.height]);
});

test("a transaction that the check refuses is not waited for", async () => {
  const { checkTx, txResult, height } = await comet.broadcastTxCommit({ tx: await signedSend(1, "1") });
  expect([checkTx.code, checkTx.codespace, txResult?.code ?? 0, height ?? 0]).toEqual([11, "sdk", 0, 0]);
});
