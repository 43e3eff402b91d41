// Owns `tributaryd data fetch`: asking peers for blocks within a deadline, from a shell, under a node identity of the moment, so that a node
// that runs in the same home keeps its own connections. Whoever gives the bytes has proven that it has them: they hash to their name.
import type { BlockStore, Keeping } from "../../node/data/block-store.ts";
import { type Cid, cidText } from "../../node/data/cid.ts";
import { BlockExchange, type Fetched } from "../../node/data/exchange.ts";
import { silentLogger } from "../../node/log.ts";
import { generateNodeKey } from "../../node/p2p/identity.ts";
import type { PeerNetwork } from "../../node/p2p/network.ts";
import { startPeers } from "../../node/state-sync.ts";
import { CliError, exitCode, usageError } from "../errors.ts";
import { parseGoDuration } from "../go-duration.ts";
import { printData } from "../output.ts";
import type { Settings } from "../settings.ts";
import { readNodeHome } from "../start.ts";
import { keepBlock } from "./store.ts";

/** How long peers have to come, when none is there yet. Milliseconds. */
const CONNECT_MS = 10_000;

/** Fetches blocks, keeps them and prints who gave what. Throws CliError with `unavailable` when one did not come. */
export async function fetchBlocks(
  settings: Settings,
  cids: readonly Cid[],
  store: BlockStore,
  keeping: Keeping,
): Promise<void> {
  const deadline = parseGoDuration(settings.text("deadline") ?? "10s");
  if (deadline === undefined || deadline <= 0n) throw usageError("--deadline is not a duration", "it looks like 10s");
  const { exchange, stop } = await connectExchange(settings, store);
  const results: { cid: Cid; fetched: Fetched }[] = [];
  try {
    for (const cid of cids) {
      const fetched = await exchange.fetch(cid.digest, Number(deadline / 1_000_000n));
      if (fetched.bytes !== undefined) await keepBlock(store, fetched.bytes, keeping);
      results.push({ cid, fetched });
    }
  } finally {
    await stop();
  }
  const blocks = results.map(({ cid, fetched: { bytes, attempts } }) => ({
    cid: cidText(cid),
    bytes: bytes === undefined ? null : bytes.length.toString(),
    peers: attempts.map(({ peer, outcome, milliseconds }) => ({ peer, outcome, milliseconds })),
  }));
  printData({ blocks }, settings.output());
  const missing = results.filter(({ fetched }) => fetched.bytes === undefined).length;
  if (missing > 0) {
    throw new CliError(
      `${missing} of ${cids.length} blocks did not come within the deadline`,
      "what came is kept; other peers may have the rest",
      exitCode.unavailable,
    );
  }
}

/** The exchange of blocks with the peers that --peers or the configuration names. Throws CliError when none can be reached. */
export async function connectExchange(
  settings: Settings,
  store: BlockStore,
): Promise<{ readonly exchange: BlockExchange; readonly stop: () => Promise<void> }> {
  const network = await connect(settings);
  const log = silentLogger();
  const exchange = new BlockExchange({ store, requests: network.requests, peers: () => network.peers(), log });
  return { exchange, stop: () => network.stop() };
}

/** Joins peers; resolves when the first is there. */
async function connect(settings: Settings): Promise<PeerNetwork> {
  const home = readNodeHome(settings);
  const persistentPeers = settings.text("peers") ?? home.config.persistentPeers;
  if (persistentPeers.trim() === "") {
    throw usageError("there is nobody to ask", "give --peers id@host:port, or set p2p.persistent_peers in config.toml");
  }
  const config = { ...home.config, peerAddress: "", persistentPeers, peerExchange: false, addressBookFile: "" };
  const network = await startPeers({ ...home, config, nodeKey: generateNodeKey(), log: silentLogger() });
  const untilMs = performance.now() + CONNECT_MS;
  while (network.peers().length === 0) {
    if (performance.now() > untilMs) {
      await network.stop();
      throw new CliError(
        "no peer can be reached",
        "check the addresses, and that genesis.json is of their chain; nothing was changed",
        exitCode.unavailable,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return network;
}
