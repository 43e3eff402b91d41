// Owns `tributaryd doctor`: whether this machine and this home folder can run a node, one line a check. It changes nothing.
import { existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { arch, platform } from "node:os";
import type { Command } from "commander";
import { validateGenesis } from "../genesis/validate.ts";
import { chooseCrypto } from "../node/crypto.ts";
import { parseListenAddress } from "../node/listen.ts";
import { Database } from "../node/storage/database.ts";
import { readToml, tomlValue } from "./config-file.ts";
import { commandModules } from "./derive/modules.ts";
import { clock, durability, existingParent, type Finding, machine } from "./doctor-machine.ts";
import { CliError, messageOf, systemError } from "./errors.ts";
import { explained, genesisFileText, readGenesis } from "./genesis/genesis-file.ts";
import type { HomePaths } from "./home.ts";
import { outputOption, withOptions } from "./options.ts";
import { printData, printLine } from "./output.ts";
import { Settings } from "./settings.ts";

/** Free disk below which a node will soon stop, and below which it is wise to make room, in bytes. */
const leastDiskBytes = 1024 ** 3;
const wiseDiskBytes = 10 * 1024 ** 3;

/** Fills in the `doctor` command. */
export function addDoctorCommand(command: Command): void {
  withOptions(command, [outputOption()]).action(async (_options: unknown, made: Command) => {
    const settings = new Settings(made);
    const findings = await examine(settings.paths);
    if (settings.text("output") === "json") printData({ checks: findings.map((one) => ({ ...one })) }, "json");
    else for (const { check, verdict, detail } of findings) printLine(`${verdict.padEnd(4)}  ${check}: ${detail}`);
    const failed = findings.filter((one) => one.verdict === "fail");
    if (failed.length > 0) {
      throw new CliError(
        `${failed.length} checks failed: ${failed.map((one) => one.check).join(", ")}`,
        "each line above says what to do",
      );
    }
  });
}

async function examine(paths: HomePaths): Promise<readonly Finding[]> {
  const findings: Finding[] = [nodeVersion(), ...(await backends()), await machine(paths)];
  findings.push(disk(paths), durability(paths), await clock(paths));
  findings.push(...homeFiles(paths), ...(await genesis(paths)), ...(await ports(paths)), await dataFolder(paths));
  return findings;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const enough = major > 22 || (major === 22 && minor >= 12);
  const detail = `Node ${process.versions.node} on ${platform()}-${arch()}`;
  if (!enough)
    return {
      check: "node",
      verdict: "fail",
      detail: `${detail}; 22.12 or newer is needed: run \`npm ci\` in the program's folder`,
    };
  return {
    check: "node",
    verdict: major >= 24 ? "ok" : "warn",
    detail: major >= 24 ? detail : `${detail}; it runs, Node 24 is what the program is tested on`,
  };
}

async function backends(): Promise<Finding[]> {
  const findings: Finding[] = [
    {
      check: "cryptography",
      verdict: "ok",
      detail: `${(await chooseCrypto()).summary}; the fastest of those that are right, plain JavaScript among them`,
    },
  ];
  try {
    await import("level");
    findings.push({ check: "leveldb", verdict: "ok", detail: "the native build loads; there is no other form of it" });
  } catch (error) {
    findings.push({
      check: "leveldb",
      verdict: "fail",
      detail: `${systemError(error)?.message ?? messageOf(error)}; a node cannot run without it`,
    });
  }
  return findings;
}

function disk(paths: HomePaths): Finding {
  const folder = existingParent(paths.data);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const detail = `${megabytes(free)} free at ${folder}`;
  if (free < leastDiskBytes)
    return { check: "disk", verdict: "fail", detail: `${detail}; make room: a node stops before the disk is full` };
  return { check: "disk", verdict: free < wiseDiskBytes ? "warn" : "ok", detail };
}

function homeFiles(paths: HomePaths): Finding[] {
  if (!existsSync(paths.config)) {
    return [
      { check: "home", verdict: "warn", detail: `${paths.home} is not set up; make it with \`tributaryd init\`` },
    ];
  }
  const files = {
    config: paths.configToml,
    app: paths.appToml,
    genesis: paths.genesis,
    "node key": paths.nodeKey,
    "validator key": paths.privValidatorKey,
  };
  const missing = Object.entries(files).filter(([, path]) => !existsSync(path));
  const findings: Finding[] = [
    missing.length === 0
      ? { check: "home", verdict: "ok", detail: `${paths.home} has its configuration and keys` }
      : {
          check: "home",
          verdict: "fail",
          detail: `missing: ${missing.map(([, path]) => path).join(", ")}; restore them from a backup`,
        },
  ];
  for (const path of [paths.configToml, paths.appToml, paths.clientToml]) {
    if (!existsSync(path)) continue;
    try {
      readToml(path);
    } catch (error) {
      findings.push({ check: "configuration", verdict: "fail", detail: messageOf(error) });
    }
  }
  return findings;
}

async function genesis(paths: HomePaths): Promise<Finding[]> {
  if (!existsSync(paths.genesis)) return [];
  try {
    const modules = await commandModules();
    const report = explained(paths.genesis, () => validateGenesis(genesisFileText(paths.genesis), modules));
    const problem = report.problems[0];
    if (problem !== undefined)
      return [{ check: "genesis", verdict: "fail", detail: `${problem.path}: ${problem.message}` }];
    const notice = report.notices[0];
    return [
      {
        check: "genesis",
        verdict: notice === undefined ? "ok" : "warn",
        detail: notice ?? `${paths.genesis} is valid`,
      },
    ];
  } catch (error) {
    return [{ check: "genesis", verdict: "fail", detail: messageOf(error) }];
  }
}

async function ports(paths: HomePaths): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, file, key] of [
    ["rpc port", paths.configToml, "rpc.laddr"],
    ["peer port", paths.configToml, "p2p.laddr"],
    ["rest port", paths.appToml, "api.address"],
    ["grpc port", paths.appToml, "grpc.address"],
  ] as const) {
    if (!existsSync(file)) continue;
    try {
      const address = tomlValue(readToml(file), key);
      if (typeof address === "string" && address !== "") findings.push(await port(name, address, key));
    } catch (error) {
      findings.push({ check: name, verdict: "fail", detail: messageOf(error) });
    }
  }
  return findings;
}

async function port(name: string, text: string, setting: string): Promise<Finding> {
  const { host, port: number } = parseListenAddress(text, setting);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      resolve({
        check: name,
        verdict: "warn",
        detail:
          error.code === "EADDRINUSE"
            ? `${host}:${number} is in use, by a running node or by another program; if it is another, change ${setting}`
            : `${host}:${number}: ${error.message}`,
      }),
    );
    probe.listen(number, host, () =>
      probe.close(() => resolve({ check: name, verdict: "ok", detail: `${host}:${number} is free` })),
    );
  });
}

/** Opens the database as the node would, which checks its schema and its chain; a running node holds it, and is well. */
async function dataFolder(paths: HomePaths): Promise<Finding> {
  if (!existsSync(paths.database)) return { check: "data", verdict: "ok", detail: "no blocks yet" };
  try {
    const chainId = readGenesis(paths.genesis).document.chain_id;
    await (await Database.open(paths.database, { chainId })).close();
    return { check: "data", verdict: "ok", detail: `${paths.database} opens and has this program's layout` };
  } catch (error) {
    const text = messageOf(error);
    const isHeld = /lock|in use|another process/i.test(text);
    return {
      check: "data",
      verdict: isHeld ? "ok" : "fail",
      detail: isHeld ? `${paths.database} is held by a running node` : text,
    };
  }
}

function megabytes(bytes: number): string {
  return bytes >= 10 * 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(0)} GB` : `${(bytes / 1024 ** 2).toFixed(0)} MB`;
}
