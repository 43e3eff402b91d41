/** Owns the tour's first part: the datanet, its records, the model and a pool. What is there already is kept. */

import { sha256 } from "../../chain/types/hash.ts";
import { textRoot } from "../../chain/types/text-tree.ts";
import { nativeMessage } from "../../client/registry.ts";
import { readFingerprint } from "../../modules/datanet/fingerprint.ts";
import { isEarning } from "../../modules/datanet/keeper.ts";
import { PARTS_PER_MILLION } from "../../modules/datanet/limits.ts";
import { defaultParams } from "../../modules/datanet/params.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { registrationText } from "../../modules/model/registration.ts";
import { hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type Party, type Refusal, signText } from "../chain-session.ts";
import { Corpus, type CorpusRecord } from "../corpus.ts";
import { NgramModel } from "../ngram-model.ts";
import { SpanProver } from "../settlement.ts";
import { SpanIndex } from "../span-index.ts";
import { check, checkRefusal, PRICE, REFUSED_GAS, type TourContext, TourError } from "./context.ts";
import type { TourResult } from "./report.ts";
import { SOLIDITY_PACKAGES, type SourceFile, solidityFiles } from "./solidity-files.ts";

type Model = Messages["tributary.model.v1.Model"];
type RecordInput = Messages["tributary.datanet.v1.RecordInput"];

/** What the first part leaves for the others. */
export interface Ground {
  readonly datanetId: bigint;
  readonly model: Model;
  readonly answers: NgramModel;
  readonly prover: SpanProver;
  /** Whether a record may earn, so that spans may cite it. */
  readonly mayCite: (id: CorpusRecordId) => boolean;
  /** The files by record number. */
  readonly files: ReadonlyMap<bigint, SourceFile>;
  readonly poolId: bigint;
  readonly contributions: TourResult["contributions"];
}

type CorpusRecordId = Pick<CorpusRecord, "datanetId" | "number">;

interface Contribution {
  readonly party: Party;
  readonly package: string;
  readonly files: readonly SourceFile[];
}

const DATANET_NAME = "solidity";
const MODEL_NAME = "solidity-ngram";
/** With a fingerprint of 64 entries a record takes up to 1.2 KB, and a transaction may have 64 KB. */
const RECORDS_PER_MESSAGE = 48;
const PAGE_ROWS = 500n;
const POOL_AMOUNT = 1_000_000_000n;

/** Makes what is missing and reads the rest. */
export async function prepareGround(tour: TourContext): Promise<Ground> {
  const datanetId = await ensureDatanet(tour);
  // One after another: the order of the records is then always the same, and so are the model's weights.
  const contributions: Contribution[] = [];
  const grams = new Set<bigint>();
  for (const [i, source] of SOLIDITY_PACKAGES.entries()) {
    contributions.push(await contribute(tour, datanetId, tour.contributors[i], source, grams));
  }
  const { corpus, files, recordCount, earning } = await readCorpus(tour, datanetId, contributions);
  const index = new SpanIndex(corpus);
  const answers = new NgramModel(index);
  const model = await ensureModel(tour, MODEL_NAME, answers, { datanetId, recordCount });
  return {
    datanetId,
    model,
    answers,
    prover: SpanProver.over(index),
    mayCite: ({ number }) => earning.has(number),
    files,
    poolId: await ensurePool(tour),
    contributions: contributions.map(({ party, package: name, files: own }) => ({
      name: party.name,
      address: party.address,
      package: name,
      files: own.length,
      bytes: own.reduce((sum, file) => sum + file.text.length, 0),
    })),
  };
}

/** The texts of the tour's files by their records. */
export function textOfFile({ files }: Ground): (record: { readonly number: bigint }) => Uint8Array | undefined {
  return ({ number }) => files.get(number)?.text;
}

/** The second contributor submits the first one's first file under another name. */
export async function submitDuplicate(tour: TourContext, { datanetId }: Ground): Promise<Refusal> {
  const file = solidityFiles(SOLIDITY_PACKAGES[0].name)[0]!;
  const party = tour.contributors[1]!;
  const records = [recordInput({ ...file, name: "copied.sol" }, "MIT")];
  const message = { contributor: party.address, datanetId, records };
  const contribution = nativeMessage("tributary.datanet.v1.MsgContribute", message);
  const refusal = await tour.session.sendRefused(party, contribution, REFUSED_GAS);
  checkRefusal(refusal, "datanet", 11);
  tour.say(`${party.name} submitted a copy of ${file.name} and was refused: ${refusal.log}`);
  return refusal;
}

async function ensureDatanet({ session, owner, say }: TourContext): Promise<bigint> {
  const name = DATANET_NAME;
  const known = await session.find("tributary.datanet.v1.Query/DatanetByName", { name });
  if (known !== undefined) return known.datanet.id;
  const terms = { licence: "LicenseRef-per-file", terms: "each file under the licence of its package", admission: 1 };
  await session.send(owner, [
    nativeMessage("tributary.datanet.v1.MsgCreateDatanet", { owner: owner.address, name, ...terms }),
  ]);
  const { datanet } = await session.query("tributary.datanet.v1.Query/DatanetByName", { name });
  say(`${owner.name} created datanet ${datanet.id}, "${name}"`);
  return datanet.id;
}

/** Joins, and submits the files of the package unless the member has contributed as many already. */
async function contribute(
  { session, say }: TourContext,
  datanetId: bigint,
  party: Party | undefined,
  source: (typeof SOLIDITY_PACKAGES)[number],
  grams: Set<bigint>,
): Promise<Contribution> {
  if (party === undefined) throw new TourError(`there is no contributor for ${source.name}`);
  const { address } = party;
  const all = solidityFiles(source.name);
  const submitted = novelRecords(all, source.licence, grams);
  const files = submitted.map(({ file }) => file);
  await session.breathe();
  const known = await session.find("tributary.datanet.v1.Query/Member", { datanetId, address });
  if (known === undefined) {
    await session.send(party, [nativeMessage("tributary.datanet.v1.MsgJoin", { member: address, datanetId })]);
  }
  const records = submitted.map(({ record }) => record).slice(Number(known?.member.recordCount ?? 0n));
  let height: number | undefined;
  for (let i = 0; i < records.length; i += RECORDS_PER_MESSAGE) {
    const part = { contributor: address, datanetId, records: records.slice(i, i + RECORDS_PER_MESSAGE) };
    ({ height } = await session.send(party, [nativeMessage("tributary.datanet.v1.MsgContribute", part)]));
  }
  if (height !== undefined) {
    const left = all.length - files.length;
    const alike = left === 0 ? "" : `; ${left} were too much like earlier ones`;
    say(`${party.name} contributed ${files.length} files of ${source.name} by height ${height}${alike}`);
  }
  return { party, package: source.name, files };
}

/** The datanet's records with their texts, in the chain's order. Other people's texts are not known and left out. */
async function readCorpus(
  { session }: TourContext,
  datanetId: bigint,
  contributions: readonly Contribution[],
): Promise<{ corpus: Corpus; files: Map<bigint, SourceFile>; recordCount: bigint; earning: Set<bigint> }> {
  const fileOfHash = new Map(contributions.flatMap(({ files }) => files).map((file) => [hex(sha256(file.text)), file]));
  const records: CorpusRecord[] = [];
  const files = new Map<bigint, SourceFile>();
  const earning = new Set<bigint>();
  let recordCount = 0n;
  let key: Uint8Array = new Uint8Array(0);
  do {
    const pagination = { key, limit: PAGE_ROWS };
    const page = await session.query("tributary.datanet.v1.Query/Records", { datanetId, pagination });
    for (const { number, contentHash, textRoot: root, claimHeight: height, status } of page.records) {
      recordCount = number;
      if (isEarning({ status })) earning.add(number);
      const file = fileOfHash.get(hex(contentHash));
      if (file === undefined) continue;
      check(hex(root) === hex(textRoot(file.text)), `record ${number} commits to the text of ${file.name}`);
      files.set(number, file);
      records.push({ datanetId, number, text: file.text, height });
    }
    key = page.pagination?.nextKey ?? new Uint8Array(0);
  } while (key.length > 0);
  check(files.size === fileOfHash.size, `the datanet holds ${files.size} of ${fileOfHash.size} files`);
  return { corpus: Corpus.of(records), files, recordCount, earning };
}

/** The model with these weights, which the owner registers unless it is there. */
export async function ensureModel(
  { session, owner, host, say }: TourContext,
  name: string,
  answers: NgramModel,
  lineage: Pick<Model["lineage"][number], "datanetId" | "recordCount">,
): Promise<Model> {
  const weightsHash = answers.weightsHash();
  await session.breathe();
  const known = await session.find("tributary.model.v1.Query/ModelByWeights", { weightsHash });
  if (known !== undefined) return known.model;
  const registration = {
    owner: owner.address,
    name,
    weightsHash,
    lineage: [lineage],
    host: host.address,
    price: PRICE,
    pubKey: owner.publicKey,
    signature: await signText(owner, registrationText(session.chainId, name, weightsHash)),
  };
  await session.send(owner, [nativeMessage("tributary.model.v1.MsgRegisterModel", registration)]);
  const { model } = await session.query("tributary.model.v1.Query/ModelByWeights", { weightsHash });
  say(
    `${owner.name} registered model ${model.id}, trained on ${lineage.recordCount} records of datanet ${lineage.datanetId}`,
  );
  return model;
}

/** A pool with the fees' denomination: the first there is, or a new one with another coin of the owner's. */
async function ensurePool({ session, owner, say }: TourContext): Promise<bigint> {
  const { pools } = await session.query("tributary.tokenpool.v1.Query/Pools", {});
  const known = pools.find((pool) => pool.denom0 === PRICE.denom || pool.denom1 === PRICE.denom);
  if (known !== undefined) return known.id;
  const balances = await owner.client.getAllBalances(owner.address);
  const other = balances.find(({ denom }) => denom !== PRICE.denom && !denom.startsWith("pool/"));
  if (other === undefined) {
    throw new TourError(`${owner.name} needs coins of a second denomination, to open a pool with ${PRICE.denom}`);
  }
  const amount = (BigInt(other.amount) < POOL_AMOUNT ? BigInt(other.amount) : POOL_AMOUNT).toString();
  const coins = { coinA: { denom: PRICE.denom, amount }, coinB: { denom: other.denom, amount } };
  await session.send(owner, [
    nativeMessage("tributary.tokenpool.v1.MsgCreatePool", { creator: owner.address, ...coins }),
  ]);
  const pool = (await session.query("tributary.tokenpool.v1.Query/Pools", {})).pools.at(-1)!;
  say(`${owner.name} opened pool ${pool.id} of ${pool.denom0} and ${pool.denom1}`);
  return pool.id;
}

function recordInput({ name, text }: SourceFile, licence: string): RecordInput {
  return recordInputOf(text, { name, licence, class: "" });
}

/**
 * The files that are new enough for the datanet after those whose k-grams are known, with their records. The packages
 * hold near-copies of each other's files, which the chain would refuse.
 */
function novelRecords(
  files: readonly SourceFile[],
  licence: string,
  known: Set<bigint>,
): readonly { readonly file: SourceFile; readonly record: RecordInput }[] {
  return files.flatMap((file) => {
    const record = recordInput(file, licence);
    const grams = readFingerprint(record.fingerprint, record.length);
    if ("flaw" in grams) throw new TourError(`${file.name}: ${grams.flaw}`);
    const fresh = grams.filter(({ hash }) => !known.has(hash));
    if (fresh.length * PARTS_PER_MILLION < defaultParams.minNoveltyPpm * grams.length) return [];
    for (const { hash } of fresh) known.add(hash);
    return [{ file, record }];
  });
}
