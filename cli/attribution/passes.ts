// Owns what commands share that look at the chain block by block until they are stopped: their flags, the key they sign with,
// and the loop. What a pass does is theirs.
import type { Option } from "commander";
import { BlockSignal } from "../../attribution/block-signal.ts";
import { ChainSession, type Party } from "../../attribution/chain-session.ts";
import { messageOf, usageError } from "../errors.ts";
import { keyringOptions, nodeOption, option, wholeNumber } from "../options.ts";
import { notice } from "../output.ts";
import type { Settings } from "../settings.ts";
import { signerOf } from "../tx/build.ts";
import { openSources, type Sources } from "./sources.ts";

/** How long to wait when the node tells of no block, in seconds, unless told otherwise. */
const defaultPollSeconds = 5;

/** The flags of such a command. */
export function passOptions(): readonly Option[] {
  return [
    option("--texts <folder>", "Where the texts of records are (default: the blocks this home keeps)"),
    option("--peers <addresses>", "Peers to ask for blocks this home lacks, id@host:port separated by commas"),
    option("--index-dir <folder>", "Where indexes are kept (default: attribution/ in the home folder)"),
    option("--poll <seconds>", "How long to wait when the node tells of no block (default: 5)").argParser(wholeNumber),
    ...signingOptions(),
  ];
}

/** The flags of a command that signs by itself. `--from` is the command's own, since it says what the key is for. */
export function signingOptions(): readonly Option[] {
  return [
    option("--gas-prices <coins>", "The price of gas, such as 0.025uopen (default: 0uopen)"),
    nodeOption(),
    ...keyringOptions(),
  ];
}

/** Passes until the process is asked to stop, or once. A node that is away is waited for. */
export async function runPasses(settings: Settings, pass: () => Promise<unknown>, once: boolean): Promise<void> {
  if (once) {
    await pass();
    return;
  }
  const pollMs = ((settings.flag("poll") as number | undefined) ?? defaultPollSeconds) * 1000;
  const signal = await BlockSignal.at(settings.nodeUrl());
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());
  try {
    while (!stopping.signal.aborted) {
      try {
        await pass();
      } catch (error) {
        notice(`this pass failed and will be tried again: ${messageOf(error)}`);
      }
      const stopped = new Promise<void>((resolve) =>
        stopping.signal.addEventListener("abort", () => resolve(), { once: true }),
      );
      if (!stopping.signal.aborted) await Promise.race([signal.next(pollMs), stopped]);
    }
  } finally {
    signal.close();
  }
}

/** Does one thing after another, each also when those before it failed; throws what the first one failed with. */
export async function inOrder(things: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const thing of things) await thing().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Runs a command with a connection, the key that --from names, texts and bodies, and closes what it opened. */
export async function withSources(
  settings: Settings,
  action: (opened: { readonly session: ChainSession; readonly party: Party } & Sources) => Promise<void>,
): Promise<void> {
  const { session, party } = await openSigning(settings);
  await closing(settings, session, (sources) => action({ session, party, ...sources }));
}

/** As `withSources`, without a key: nothing can be sent. */
export async function withTexts(
  settings: Settings,
  action: (opened: { readonly session: ChainSession } & Sources) => Promise<void>,
): Promise<void> {
  const { prefix } = settings.addresses();
  // Reading costs no gas; a session wants a price all the same.
  const session = await ChainSession.connect({ rpcUrl: settings.nodeUrl(), prefix, gasPrice: "0uopen" });
  await closing(settings, session, (sources) => action({ session, ...sources }));
}

async function closing(
  settings: Settings,
  session: ChainSession,
  action: (sources: Sources) => Promise<void>,
): Promise<void> {
  try {
    const sources = await openSources(settings, session.chainId);
    try {
      await action(sources);
    } finally {
      await sources.close();
    }
  } finally {
    session.disconnect();
  }
}

/** A connection, and the key that --from names. */
export async function openSigning(
  settings: Settings,
): Promise<{ readonly session: ChainSession; readonly party: Party }> {
  const { key } = await signerOf(settings);
  if (key.type !== "local")
    throw usageError(`the key ${key.name} cannot sign here`, "use a key whose secret is in this keyring");
  const keyring = await settings.keyring();
  const { prefix } = settings.addresses();
  const gasPrice = settings.text("gas-prices") ?? "0uopen";
  const session = await ChainSession.connect({ rpcUrl: settings.nodeUrl(), prefix, gasPrice });
  return { session, party: await session.party({ name: key.name, privateKey: await keyring.privateKey(key.name) }) };
}
