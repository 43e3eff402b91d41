/** A second node that is given genesis.json and one peer's address: it finds the chain, verifies it, follows it, and serves it. */
import { SigningStargateClient, StargateClient } from "@cosmjs/stargate";
import { afterEach, expect, test } from "vitest";
import { genesisHash } from "../../node/genesis-file.ts";
import { readHome } from "../../node/home.ts";
import { silentLogger } from "../../node/log.ts";
import type { RunningNode, StartOptions } from "../../node/main.ts";
import { generateNodeKey } from "../../node/p2p/identity.ts";
import { PeerNetwork } from "../../node/p2p/network.ts";
import type { Commit, Engine, StoredBlock } from "../../node/ports.ts";
import {
  type ChainHome,
  chainHome,
  followerHome,
  type Home,
  operatorAddress,
  wallet,
  writeConfig,
} from "./chain-home.ts";
import { chainOf, peerOf, rpc, startIn, statusOf, until } from "./nodes.ts";

const full = process.env.TRIBUTARY_FULL === "1";
/** For a busy machine; a test ends as soon as it can. */
const patience = full ? 1_200_000 : 240_000;
const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of cleanups.splice(0).reverse()) await undo();
});

async function runningValidator(timeoutCommitMs: number): Promise<{ chain: ChainHome; validator: RunningNode }> {
  const chain = await chainHome({ timeoutCommitMs });
  cleanups.push(chain.remove);
  const validator = await startIn(chain);
  cleanups.push(() => validator.stop());
  return { chain, validator };
}

async function join(chain: Home, peers: readonly RunningNode[], changes: Partial<StartOptions> = {}) {
  const home = followerHome(chain, { persistentPeers: peers.map(peerOf).join(","), timeoutCommitMs: 50 });
  cleanups.push(home.remove);
  const node = await startIn(home, changes);
  cleanups.push(() => node.stop());
  return { home, node };
}

const fee = { amount: [{ denom: "uopen", amount: "500" }], gas: "200000" };

test(
  "a follower catches up from genesis, follows live, answers the same, and passes transactions on",
  async () => {
    // The history is made as fast as blocks can be; then the validator goes on at a quiet pace.
    const { chain, validator: fast } = await runningValidator(1);
    const [alice = "", bob = ""] = chain.addresses;
    const signer = await wallet(2);
    await until(() => fast.storage.height >= 1n, "the first block");
    const early = await SigningStargateClient.connectWithSigner(fast.rpcUrl, signer, { broadcastPollIntervalMs: 10 });
    await early.sendTokens(alice, bob, [{ denom: "uopen", amount: "111" }], fee);
    early.disconnect();
    await until(() => fast.storage.height >= (full ? 2_000n : 200n), "the validator made blocks");
    await fast.stop();
    writeConfig(chain, { timeoutCommitMs: 250 });
    const validator = await startIn(chain);
    cleanups.push(() => validator.stop());
    const atValidator = await SigningStargateClient.connectWithSigner(validator.rpcUrl, signer, {
      broadcastPollIntervalMs: 10,
    });

    const { node: follower } = await join(chain, [validator]);
    // Not one block yet, and nobody heard of: it does not claim to be level.
    expect((await statusOf(follower.rpcUrl)).catchingUp).toBe(true);
    const target = validator.storage.height;
    await until(() => follower.storage.height >= target, "the follower caught up");
    await until(async () => !(await statusOf(follower.rpcUrl)).catchingUp, "the follower says so");

    const atFollower = await SigningStargateClient.connectWithSigner(follower.rpcUrl, signer, {
      broadcastPollIntervalMs: 10,
    });
    const sent = await atFollower.sendTokens(alice, bob, [{ denom: "uopen", amount: "222" }], fee);
    expect(sent.code).toBe(0);
    await until(() => validator.storage.height >= BigInt(sent.height), "the validator has that block");
    expect((await atValidator.getTx(sent.transactionHash))?.height).toBe(sent.height);
    await atFollower.delegateTokens(bob, operatorAddress(alice), { denom: "uopen", amount: "1000" }, fee);
    const height = Number(validator.storage.height);
    await until(() => follower.storage.height >= height, "the follower has it too");
    for (const address of [alice, bob]) {
      expect(await atFollower.getAllBalances(address)).toEqual(await atValidator.getAllBalances(address));
    }
    expect(await chainOf(follower.rpcUrl, height)).toEqual(await chainOf(validator.rpcUrl, height));
    for (const path of [`block?height=${sent.height}`, `block_results?height=${sent.height}`, "validators?height=1"]) {
      expect(await rpc(follower.rpcUrl, path), path).toEqual(await rpc(validator.rpcUrl, path));
    }
    const { peers } = await rpc<{ peers: { node_info: { id: string } }[] }>(follower.rpcUrl, "net_info");
    expect(peers.map(({ node_info }) => node_info.id)).toEqual([validator.nodeId]);
    atValidator.disconnect();
    atFollower.disconnect();
  },
  patience,
);

type Lie = (stored: StoredBlock) => StoredBlock;

/** Another transaction, another application hash, another block altogether. */
const falseBlocks: readonly Lie[] = [
  ({ block, ...rest }) => ({ ...rest, block: { ...block, data: { txs: [Uint8Array.of(1)] } } }),
  ({ block, ...rest }) => ({ ...rest, block: { ...block, header: { ...block.header, appHash: new Uint8Array(32) } } }),
  ({ block, ...rest }) => ({ ...rest, block: { ...block, header: { ...block.header, height: 6n } } }),
];

/** Another signature, no signature. They matter at the tip alone: below it the next block holds the commit. */
const falseCommits: readonly Lie[] = [
  ({ seenCommit, ...rest }) => ({ ...rest, seenCommit: withSignatures(seenCommit, (bytes) => flipped(bytes)) }),
  ({ seenCommit, ...rest }) => ({ ...rest, seenCommit: withSignatures(seenCommit, () => new Uint8Array()) }),
];

test.each([
  ["blocks", falseBlocks, 20n],
  ["commits", falseCommits, 5n],
] as const)(
  "%s that do not verify are refused, their senders avoided, and an honest peer carries the follower on",
  async (_, lies, tip) => {
    const { chain, validator } = await runningValidator(1);
    await until(() => validator.storage.height >= 20n, "there are blocks");
    const liars = await Promise.all(lies.map((lie) => startLiar(chain, validator, { height: 5n, tip }, lie)));
    const home = followerHome(chain, { persistentPeers: liars.map(({ address }) => address).join(",") });
    cleanups.push(home.remove);
    const follower = await startIn(home);
    cleanups.push(() => follower.stop());
    await until(() => liars.every(({ served }) => served.includes(5n)), "every liar was asked for the block");
    await until(() => follower.network.view.peers().length === 0, "every liar was dropped");
    // What came before the lie was true, and was taken.
    expect(follower.storage.height).toBe(4n);
    // One block behind is how every live node looks for a moment.
    expect((await statusOf(follower.rpcUrl)).catchingUp).toBe(tip > 5n);

    const { node: honest } = await join(chain, [validator, follower]);
    await until(() => follower.storage.height >= 20n, "the follower goes on");
    expect(follower.network.view.peers().map(({ nodeId }) => nodeId)).toEqual([honest.nodeId]);
    expect(await chainOf(follower.rpcUrl, 20)).toEqual(await chainOf(validator.rpcUrl, 20));
  },
  patience,
);

test(
  "a live follower trails by no more than two blocks",
  async () => {
    const { chain, validator } = await runningValidator(100);
    const { node: follower } = await join(chain, [validator]);
    await until(() => follower.storage.height >= 5n, "it follows");
    const gaps: bigint[] = [];
    for (let sample = 0; sample < (full ? 300 : 25); sample += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      gaps.push(validator.storage.height - follower.storage.height);
    }
    expect(gaps.filter((gap) => gap > 2n)).toEqual([]);
    expect(follower.engine.status().signing).toBe(false);
  },
  patience,
);

test(
  "followers in a line follow the far end, one of them joining late and under load",
  async () => {
    const { chain, validator } = await runningValidator(200);
    const { node: first } = await join(chain, [validator]);
    const { node: second } = await join(chain, [first]);
    const [alice = "", bob = ""] = chain.addresses;
    await until(() => second.storage.height >= 3n, "the second follows");
    const client = await SigningStargateClient.connectWithSigner(second.rpcUrl, await wallet(1), {
      broadcastPollIntervalMs: 10,
    });
    let stop = false;
    let sent = 0n;
    const load = (async () => {
      while (!stop) {
        const { code } = await client.sendTokens(alice, bob, [{ denom: "uopen", amount: "1" }], fee);
        expect(code).toBe(0);
        sent += 1n;
      }
    })();
    await until(() => sent >= 3n, "transactions flow from the far end");
    const { node: late } = await join(chain, [second]);
    await until(() => late.storage.height >= validator.storage.height - 2n, "the late one is level");
    const then = sent;
    await until(() => sent >= then + 3n, "and nothing has stopped");
    stop = true;
    await load;
    const height = Number(late.storage.height);
    expect(await chainOf(late.rpcUrl, height)).toEqual(await chainOf(validator.rpcUrl, height));
    await until(() => late.storage.height >= validator.storage.height - 1n, "it stays level");
    const atEnd = await StargateClient.connect(late.rpcUrl);
    await until(
      async () => BigInt((await atEnd.getBalance(bob, "uopen")).amount) === 10_000_000_000n + sent,
      "every payment arrived at the far end",
    );
    client.disconnect();
    atEnd.disconnect();
  },
  patience,
);

/** A host that says it is at the validator's height and serves its blocks, but for one, which it changes. */
async function startLiar(
  chain: ChainHome,
  validator: RunningNode,
  { height, tip }: { readonly height: bigint; readonly tip: bigint },
  lie: Lie,
): Promise<{ readonly address: string; readonly served: bigint[] }> {
  const nodeKey = generateNodeKey();
  const { genesis } = readHome(chain.path);
  const hash = genesisHash(genesis);
  const status = { base: 1n, height: tip };
  const network = new PeerNetwork(
    {
      nodeKey,
      chainId: chain.chainId,
      listenAddress: "tcp://127.0.0.1:0",
      persistentPeers: [],
      hello: () => ({ chainId: chain.chainId, genesisHash: hash, blockProtocol: 11n, moniker: "liar", status }),
    },
    { log: silentLogger() },
  );
  cleanups.push(() => network.stop());
  const served: bigint[] = [];
  const engine = {
    status: () => ({ height: tip + 1n, round: 0, step: "propose" }),
    summary: () => ({ height: tip + 1n, round: 0, rounds: [], wanted: undefined }),
    receive: async () => "ignored",
    repair: () => [],
  } as unknown as Engine;
  await network.start({
    engine,
    heights: () => status,
    storage: {
      loadBlock: async (wanted) => {
        served.push(wanted);
        const stored = await validator.storage.loadBlock(wanted);
        return stored && wanted === height ? lie(stored) : stored;
      },
    },
    receiveTransaction: () => false,
    waitingTransactions: () => [],
    heightsChanged: () => undefined,
  });
  return { address: `${nodeKey.id}@${network.listenAddresses()[0]}`, served };
}

function withSignatures(commit: Commit, change: (signature: Uint8Array) => Uint8Array): Commit {
  const signatures = commit.signatures.map((one) => ({ ...one, signature: change(one.signature) }));
  return { ...commit, signatures };
}

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
}
