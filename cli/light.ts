// Owns `tributaryd comet light`: following a chain by its verified headers, without its state. It remembers the last
// trusted header in a file, says each newer one on a line, and ends when two chains are proven. The verification is
// node/light.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { upperHex } from "../chain/types/block-id.ts";
import { headerHash } from "../chain/types/header.ts";
import type { LightBlock } from "../chain/types/light-block.ts";
import { formatTime, timeFromMilliseconds } from "../chain/types/time.ts";
import { chooseCrypto } from "../node/crypto.ts";
import { LightAttackError, LightClient, LightFailure } from "../node/light/light-client.ts";
import { LightSourceError, RpcLightSource } from "../node/light/rpc-source.ts";
import { CliError, exitCode, usageError } from "./errors.ts";
import { readJsonFile, writeFileAtomic } from "./files.ts";
import { parseGoDuration } from "./go-duration.ts";
import { option, outputOption, wholeBigint, withOptions } from "./options.ts";
import { notice, printLine } from "./output.ts";
import { rpcUrl, Settings } from "./settings.ts";

/** Nanoseconds the clocks of validators may be ahead of this one (CometBFT light.defaultMaxClockDrift). */
const maxClockDrift = 10_000_000_000n;

/** Adds `light` to the `comet` commands. */
export function addLightCommand(comet: Command): void {
  withOptions(
    comet
      .command("light [chain-id]")
      .description("Follow a chain by its headers alone, each verified and confirmed by witnesses"),
    [
      option("-p, --primary <address>", "RPC address of the node that headers are asked of"),
      option("-w, --witnesses <addresses>", "RPC addresses that must confirm them, separated by commas"),
      option("--height <height>", "Height of a header you trust").argParser(wholeBigint),
      option("--hash <hash>", "Its hash, in hexadecimal"),
      option("--trusting-period <duration>", "How long a header is trusted; shorter than the unbonding time").default(
        "168h",
      ),
      option("--trust-level <fraction>", "Part of the trusted power that must sign a header further ahead").default(
        "1/3",
      ),
      option("--dir <folder>", "Where the last trusted header is remembered (default: light in the home folder)"),
      option("--interval <duration>", "How often the primary is asked for news").default("1s"),
      outputOption(),
    ],
  )
    .option("--sequential", "Verify every header on the way instead of as many as trust needs")
    .option("--once", "Verify up to the newest header and end")
    .action(async (chainId: string | undefined, _options: unknown, command: Command) => {
      await follow(new Settings(command), chainId);
    });
}

async function follow(settings: Settings, given: string | undefined): Promise<void> {
  const chainId = given ?? settings.chainId();
  if (chainId === undefined)
    throw usageError("the chain is not named", "give its id: tributaryd comet light <chain-id>");
  const store = join(resolve(settings.text("dir") ?? join(settings.paths.home, "light")), `${fileName(chainId)}.json`);
  const client = await startClient(settings, chainId, store);
  const asJson = settings.output() === "json";
  const intervalMs = Number(durationOf(settings, "interval") / 1_000_000n);
  show(client, asJson);
  for (let failure = ""; ; ) {
    const before = client.trusted;
    try {
      const block = await client.update();
      if (block !== before) {
        remember(store, chainId, block);
        show(client, asJson);
      }
      failure = "";
    } catch (error) {
      if (error instanceof LightAttackError) throw new CliError(error.message, undefined, exitCode.failure);
      if (!(error instanceof LightFailure) && !(error instanceof LightSourceError)) throw error;
      if (settings.isSet("once")) throw new CliError(error.message, "nothing newer is trusted", exitCode.unavailable);
      // The same trouble is told once, not every second.
      if (error.message !== failure) notice(`warning: ${error.message}; trying again`);
      failure = error.message;
    }
    if (settings.isSet("once")) return;
    await sleep(intervalMs);
  }
}

/** The client, from the remembered header or from the one the operator vouches for. */
async function startClient(settings: Settings, chainId: string, store: string): Promise<LightClient> {
  const primary = settings.text("primary");
  if (primary === undefined) throw usageError("--primary is missing", "give the RPC address of a node of the chain");
  const witnesses = (settings.text("witnesses") ?? "").split(",").filter((one) => one.trim() !== "");
  if (witnesses.length === 0) {
    notice("warning: without --witnesses nobody can tell whether the primary shows you a chain of its own");
  }
  const { verifier } = await chooseCrypto();
  try {
    return await LightClient.start(
      {
        chainId,
        verifier,
        trustLevel: trustLevelOf(settings.text("trust-level") ?? "1/3"),
        trustingPeriod: durationOf(settings, "trusting-period"),
        maxClockDrift,
        sequential: settings.isSet("sequential"),
      },
      {
        primary: new RpcLightSource(rpcUrl(primary)),
        witnesses: witnesses.map((address) => new RpcLightSource(rpcUrl(address.trim()))),
        now: () => timeFromMilliseconds(BigInt(Date.now())),
        warn: (text) => notice(`warning: ${text}`),
      },
      trustOf(settings, store),
    );
  } catch (error) {
    if (error instanceof LightFailure) throw new CliError(error.message, "nothing was trusted or written");
    if (error instanceof LightSourceError)
      throw new CliError(error.message, "nothing was written", exitCode.unavailable);
    throw error;
  }
}

/** The header to begin at: given, or remembered. A given one goes first, so that a wrong memory can be overruled. */
function trustOf(settings: Settings, store: string): { height: bigint; hash: Uint8Array } {
  const height = settings.bigint("height");
  const hash = settings.text("hash");
  if (height !== undefined && hash !== undefined) {
    if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw usageError("--hash is not 64 hexadecimal digits");
    return { height, hash: new Uint8Array(Buffer.from(hash, "hex")) };
  }
  if (height !== undefined || hash !== undefined) throw usageError("--height and --hash go together");
  if (!existsSync(store)) {
    throw usageError(
      "there is no header to trust yet",
      "give --height and --hash of a recent block, from somebody you trust: an explorer, the chain's operators, your own node",
    );
  }
  const kept = readJsonFile(store) as { height?: unknown; hash?: unknown };
  if (!/^\d{1,19}$/.test(String(kept.height)) || !/^[0-9A-F]{64}$/.test(String(kept.hash))) {
    throw new CliError(`${store} is damaged`, "give --height and --hash again; it was not changed");
  }
  return { height: BigInt(String(kept.height)), hash: new Uint8Array(Buffer.from(String(kept.hash), "hex")) };
}

function trustLevelOf(text: string): { numerator: bigint; denominator: bigint } {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  if (match === null) throw usageError(`--trust-level ${text} is not a fraction`, "it looks like 1/3");
  return { numerator: BigInt(match[1]!), denominator: BigInt(match[2]!) };
}

function remember(store: string, chainId: string, block: LightBlock): void {
  const { height, hash, time } = facts(block);
  writeFileAtomic(store, `${JSON.stringify({ chain_id: chainId, height, hash, time })}\n`);
}

function facts({ signedHeader: { header } }: LightBlock) {
  return {
    height: header.height.toString(),
    hash: upperHex(headerHash(header) ?? new Uint8Array(0)),
    time: formatTime(header.time),
    app_hash: upperHex(header.appHash),
  };
}

function show(client: LightClient, asJson: boolean): void {
  const { height, hash, time, app_hash } = facts(client.trusted);
  const witnesses = client.witnessNames.length;
  if (asJson) printLine(JSON.stringify({ height, hash, time, app_hash, witnesses }));
  else printLine(`verified ${height}  ${hash}  ${time}  confirmed by ${witnesses} witnesses`);
}

function fileName(chainId: string): string {
  return chainId.replace(/[^A-Za-z0-9._-]/g, "_");
}

/** A duration flag in nanoseconds. */
function durationOf(settings: Settings, name: string): bigint {
  const text = settings.text(name) ?? "";
  const value = parseGoDuration(text);
  if (value === undefined || value <= 0n)
    throw usageError(`--${name} ${text} is not a duration`, "it looks like 168h or 1s");
  return value;
}
