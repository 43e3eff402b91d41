import { SigningStargateClient, StargateClient } from "@cosmjs/stargate";
import { expect, test } from "vitest";
import { chainHome, FUNDS, wallet } from "../e2e/chain-home.ts";
import { type ChildNode, startChild } from "./child-process.ts";

const kills = process.env.TRIBUTARY_FULL === "1" ? 20 : 3;

test("a node killed with -9 under load starts again with the same state and goes on", async () => {
  const home = await chainHome({ peerAddress: "", timeoutCommitMs: 20 });
  const [, alice = "", bob = ""] = home.addresses;
  const signer = await wallet();
  const fee = { amount: [{ denom: "uopen", amount: "500" }], gas: "200000" };
  const hashes = new Map<bigint, string>();
  const confirmed: string[] = [];
  let received = 0n;
  let child: ChildNode | undefined;
  try {
    for (let round = 0; round < kills; round += 1) {
      child = await startChild(home.path);
      const { rpcUrl } = child;
      const client = await SigningStargateClient.connectWithSigner(rpcUrl, signer, { broadcastPollIntervalMs: 20 });
      // Everything confirmed before the kill is still there.
      for (const hash of confirmed) expect((await client.getTx(hash))?.code, hash).toBe(0);
      for (let index = 0; index < 3; index += 1) {
        const sent = await client.sendTokens(alice, bob, [{ denom: "uopen", amount: "7" }], fee);
        expect(sent.code).toBe(0);
        confirmed.push(sent.transactionHash);
        received += 7n;
      }
      const atLeast = BigInt((await client.getBalance(bob, "uopen")).amount);
      expect(atLeast).toBe(FUNDS + received);
      client.disconnect();
      await new Promise((resolve) => setTimeout(resolve, (round * 13) % 40));
      await child.kill("SIGKILL");
      for (const [height, hash] of child.committed) {
        // A height is committed once: no process reports one again, let alone with another hash.
        expect(hashes.has(height), `height ${height}`).toBe(false);
        hashes.set(height, hash);
      }
    }
    child = await startChild(home.path);
    await child.reach(BigInt(hashes.size) + 2n);
    const client = await StargateClient.connect(child.rpcUrl);
    expect(BigInt((await client.getBalance(bob, "uopen")).amount)).toBe(FUNDS + received);
    // Headers carry the hashes that the killed processes reported.
    for (const [height, hash] of hashes) {
      const response = await fetch(`${child.rpcUrl}/header?height=${height + 1n}`);
      const { result } = (await response.json()) as { result: { header: { app_hash: string } } };
      expect(result.header.app_hash.toLowerCase(), `height ${height}`).toBe(hash);
    }
    client.disconnect();
    expect(await child.kill("SIGTERM")).toBe(0);
  } finally {
    child?.process.kill("SIGKILL");
    home.remove();
  }
}, 180_000);
