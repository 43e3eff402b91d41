/** A validator on a phone: it listens nowhere, and a node that knows nobody else follows its chain through a relay. */
import { SigningStargateClient } from "@cosmjs/stargate";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { chainHome, followerHome, wallet, writeConfig } from "./chain-home.ts";
import { chainOf, peerOf, startIn, statusOf, until } from "./nodes.ts";

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of cleanups.splice(0).reverse()) await undo();
});

test("a follower that knows a validator by its relay only syncs, follows live, and passes transactions on", async () => {
  const chain = await chainHome({ peerAddress: "" });
  cleanups.push(chain.remove);
  const relayHome = followerHome(chain, { relay: true });
  cleanups.push(relayHome.remove);
  const relay = await startIn(relayHome);
  cleanups.push(() => relay.stop());

  writeConfig(chain, { peerAddress: "", persistentPeers: peerOf(relay), useRelays: true, timeoutCommitMs: 250 });
  let reachedBy = "";
  const write = (line: string): void => {
    reachedBy = addressIn(line) ?? reachedBy;
  };
  const log = pino({ level: "info" }, { write });
  const phone = await startIn(chain, { log });
  cleanups.push(() => phone.stop());
  await until(() => reachedBy !== "", "the validator says by which address it is reached");
  await until(() => phone.storage.height >= 8n, "it makes blocks");

  const farHome = followerHome(chain, { peerAddress: "", persistentPeers: reachedBy });
  cleanups.push(farHome.remove);
  const far = await startIn(farHome);
  cleanups.push(() => far.stop());
  await until(() => far.storage.height >= phone.storage.height && far.storage.height >= 8n, "the follower caught up");
  await until(async () => !(await statusOf(far.rpcUrl)).catchingUp, "and says so");
  expect(far.network.view.peers().map(({ nodeId }) => nodeId)).toEqual([phone.nodeId]);

  const [, alice = "", bob = ""] = chain.addresses;
  const client = await SigningStargateClient.connectWithSigner(far.rpcUrl, await wallet(), {
    broadcastPollIntervalMs: 20,
  });
  const fee = { amount: [{ denom: "uopen", amount: "500" }], gas: "200000" };
  const sent = await client.sendTokens(alice, bob, [{ denom: "uopen", amount: "7" }], fee);
  client.disconnect();
  expect(sent.code).toBe(0);
  await until(() => phone.storage.height >= BigInt(sent.height), "the validator has that block");
  expect(await chainOf(far.rpcUrl, sent.height)).toEqual(await chainOf(phone.rpcUrl, sent.height));
}, 240_000);

function addressIn(line: string): string | undefined {
  const { address, msg } = JSON.parse(line) as { address?: string; msg?: string };
  return msg === "others reach this node through a relay, by this address" ? address : undefined;
}
