// Owns `tributaryd data`: the contributed texts a home keeps, as blocks by their identifiers. It works on the folder, also while a node
// runs in that home. What blocks are, and their exchange, is node/data.
import { createReadStream, createWriteStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { rawCidText } from "../../chain/types/cid.ts";
import type { BlockStore, Keeping } from "../../node/data/block-store.ts";
import { CarError, carHeader, carSection, readCar } from "../../node/data/car.ts";
import { type Cid, CidError, cidText, parseCid } from "../../node/data/cid.ts";
import { encodeManifest, type ManifestRecord } from "../../node/data/manifest.ts";
import { CliError, usageError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { option, outputOption, withOptions } from "../options.ts";
import { printData, printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { addAnswerCommand } from "./answer.ts";
import { addFaultsCommand } from "./faults.ts";
import { fetchBlocks } from "./fetch.ts";
import { addGrantCommands } from "./grant.ts";
import { addKeyCommands } from "./keys.ts";
import { addSegmentCommands } from "./segments.ts";
import { keepBlock, openStore } from "./store.ts";

/** Fills in the `data` command. */
export function addDataCommands(data: Command): void {
  addBlockCommands(data);
  addFileCommands(data);
  addFetchCommand(data);
  addKeyCommands(data);
  addGrantCommands(data);
  addSegmentCommands(data);
  addAnswerCommand(data);
  addFaultsCommand(data);
}

/** What is here, and how long it stays. */
function addBlockCommands(data: Command): void {
  withOptions(data.command("list").description("List the blocks this home keeps"), [outputOption()]).action(
    (_options: unknown, made: Command) => list(new Settings(made)),
  );
  data
    .command("add")
    .description("Keep files as blocks, and print their identifiers")
    .argument("<file...>")
    .option("--loose", "Let them go when room is wanted; otherwise they are pinned")
    .action((files: string[], options: { loose?: boolean }, made: Command) =>
      add(new Settings(made), files, options.loose === true ? "loose" : "pinned"),
    );
  const ofBlocks = (name: string, description: string, act: (store: BlockStore, cid: Cid) => Promise<boolean>) =>
    data
      .command(name)
      .description(description)
      .argument("<cid...>")
      .action((cids: string[], _options: unknown, made: Command) => forEach(new Settings(made), cids, act));
  ofBlocks("pin", "Keep blocks until they are unpinned", (store, { digest }) => store.keep(digest, "pinned"));
  ofBlocks("unpin", "Let blocks go when room is wanted, the oldest first", (store, { digest }) =>
    store.keep(digest, "loose"),
  );
  ofBlocks("remove", "Remove blocks", (store, { digest }) => store.remove(digest));
}

/** Blocks in and out of files. */
function addFileCommands(data: Command): void {
  data
    .command("get")
    .description("Write one block into a file")
    .argument("<cid>")
    .argument("<file>")
    .action((cid: string, file: string, _options: unknown, made: Command) => get(new Settings(made), cid, file));
  data
    .command("import")
    .description("Keep the blocks of a CAR file")
    .argument("<file.car>")
    .option("--loose", "Let them go when room is wanted; otherwise they are pinned")
    .action((file: string, options: { loose?: boolean }, made: Command) =>
      importCar(new Settings(made), file, options.loose === true ? "loose" : "pinned"),
    );
  data
    .command("export")
    .description("Write blocks into a CAR file, under a manifest that links them")
    .argument("<file.car>")
    .argument("<cid...>")
    .action((file: string, cids: string[], _options: unknown, made: Command) =>
      exportCar(new Settings(made), file, cids),
    );
}

function addFetchCommand(data: Command): void {
  withOptions(
    data
      .command("fetch")
      .description("Fetch blocks from peers and keep them; says which peer gave what, and fails when a deadline passes")
      .argument("<cid...>")
      .option("--loose", "Let them go when room is wanted; otherwise they are pinned"),
    [
      option("--peers <addresses>", "Peers to ask, id@host:port separated by commas (default: p2p.persistent_peers)"),
      option("--deadline <duration>", "How long peers have for each block").default("10s"),
      outputOption(),
    ],
  ).action(async (cids: string[], options: { loose?: boolean }, made: Command) => {
    const settings = new Settings(made);
    const keeping = options.loose === true ? "loose" : "pinned";
    await fetchBlocks(settings, cids.map(parsedCid), await openStore(settings), keeping);
  });
}

function parsedCid(text: string): Cid {
  try {
    return parseCid(text);
  } catch (error) {
    if (error instanceof CidError) throw usageError(error.message, "nothing was changed");
    throw error;
  }
}

async function list(settings: Settings): Promise<void> {
  const store = await openStore(settings);
  const blocks = [];
  for await (const block of store.list()) blocks.push(block);
  blocks.sort((a, b) => a.cameMs - b.cameMs);
  const rows = blocks.map(({ digest, bytes, keeping, cameMs }) => ({
    cid: rawCidText(digest),
    bytes: bytes.toString(),
    keeping,
    came: new Date(cameMs).toISOString(),
  }));
  const totals = { total_bytes: store.totalBytes.toString(), budget_bytes: store.budgetBytes.toString() };
  printData({ blocks: rows, ...totals }, settings.output());
}

async function add(settings: Settings, files: readonly string[], keeping: Keeping): Promise<void> {
  const store = await openStore(settings);
  for (const file of files.flatMap(filesBelow)) {
    const digest = await keepBlock(store, new Uint8Array(readFileSync(file)), keeping);
    printLine(`${rawCidText(digest)} ${file}`);
  }
}

function filesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, String(name)))
    .filter((file) => statSync(file).isFile())
    .sort();
}

async function forEach(
  settings: Settings,
  texts: readonly string[],
  act: (store: BlockStore, cid: Cid) => Promise<boolean>,
): Promise<void> {
  const cids = texts.map(parsedCid);
  const store = await openStore(settings);
  for (const cid of cids) if (!(await act(store, cid))) throw notHere(cid);
}

function notHere(cid: Cid): CliError {
  return new CliError(
    `block ${cidText(cid)} is not in this home`,
    "`tributaryd data fetch` asks peers for it; the blocks named before it are done",
  );
}

async function get(settings: Settings, text: string, file: string): Promise<void> {
  const cid = parsedCid(text);
  const bytes = await (await openStore(settings)).get(cid.digest);
  if (bytes === undefined) throw notHere(cid);
  writeFileAtomic(file, bytes);
}

async function importCar(settings: Settings, file: string, keeping: Keeping): Promise<void> {
  const store = await openStore(settings);
  let count = 0;
  let roots: readonly Cid[] = [];
  try {
    for await (const { bytes } of readCar(createReadStream(file), (cids) => {
      roots = cids;
    })) {
      await keepBlock(store, bytes, keeping);
      count += 1;
    }
  } catch (error) {
    if (!(error instanceof CarError)) throw error;
    throw new CliError(`${file} cannot be imported: ${error.message}`, `the ${count} whole blocks before it are kept`);
  }
  printLine(`imported ${count} blocks, ${keeping}`);
  for (const root of roots) printLine(`root ${cidText(root)}`);
}

async function exportCar(settings: Settings, file: string, texts: readonly string[]): Promise<void> {
  const cids = texts.map(parsedCid);
  if (existsSync(file)) throw new CliError(`${file} exists already`, "choose another name; nothing was written");
  const store = await openStore(settings);
  const records: ManifestRecord[] = [];
  for (const cid of cids) {
    const length = await store.length(cid.digest);
    if (length === undefined) throw notHere(cid);
    records.push({ name: cidText(cid), cid, length });
  }
  const manifest = encodeManifest(records);
  await pipeline(Readable.from(sections(store, manifest, cids)), createWriteStream(file, { flags: "wx" }));
  printLine(`wrote ${cids.length} blocks to ${basename(file)}`);
  printLine(`root ${cidText(manifest.cid)}`);
}

async function* sections(
  store: BlockStore,
  manifest: { readonly cid: Cid; readonly bytes: Uint8Array },
  cids: readonly Cid[],
): AsyncGenerator<Uint8Array> {
  yield carHeader([manifest.cid]);
  yield carSection(manifest);
  for (const cid of cids) {
    const bytes = await store.get(cid.digest);
    if (bytes === undefined) throw notHere(cid);
    yield carSection({ cid, bytes });
  }
}
