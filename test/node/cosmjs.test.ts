import { SigningStargateClient } from "@cosmjs/stargate";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningNode } from "../../node/main.ts";
import { makeHome, startIn, type TestHome, wallet } from "./test-home.ts";

let home: TestHome;
let node: RunningNode;

beforeAll(async () => {
  home = await makeHome();
  node = await startIn(home.home);
});

afterAll(async () => {
  await node.stop();
  home.remove();
});

test("unmodified CosmJS connects, reads an account, sends tokens and finds the transaction", async () => {
  const signer = await wallet();
  const client = await SigningStargateClient.connectWithSigner(node.rpcUrl, signer, {
    gasPrice: undefined,
    broadcastPollIntervalMs: 50,
  } as never);
  expect(await client.getChainId()).toBe("test-1");
  const [alice = "", bob = ""] = home.addresses;
  const before = await client.getAccount(alice);
  expect(before).toMatchObject({ address: alice, sequence: 0 });
  expect(await client.getAccount("trib1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqcjrxyj").catch(() => null)).toBeNull();
  const fee = { amount: [{ denom: "uopen", amount: "500" }], gas: "200000" };
  const result = await client.sendTokens(alice, bob, [{ denom: "uopen", amount: "12345" }], fee, "a memo");
  expect(result.code).toBe(0);
  expect((await client.getBalance(bob, "uopen")).amount).toBe("1000012345");
  expect((await client.getBalance(alice, "uopen")).amount).toBe(String(1_000_000_000 - 12_345 - 500));
  expect((await client.getAccount(alice))?.sequence).toBe(1);
  const found = await client.getTx(result.transactionHash);
  expect(found?.height).toBe(result.height);
  const searched = await client.searchTx([{ key: "transfer.recipient", value: bob }]);
  expect(searched.map(({ hash }) => hash)).toContain(result.transactionHash);
  expect(await client.searchTx(`tx.height=${result.height}`)).toHaveLength(1);
  expect((await client.getBlock(result.height)).txs).toHaveLength(1);
  client.disconnect();
});
