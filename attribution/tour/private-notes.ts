/**
 * Owns the tour's private datanet: sealed notes, a model over them, a use of it that is settled by batch without a word of the
 * notes being published, and one licensed access to them by a unit of the datanet's token. It does not own sealing, which is
 * handed in (context.ts), nor batches (../batch-host.ts).
 */
import { sha256 } from "../../chain/types/hash.ts";
import { nativeMessage } from "../../client/registry.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { equalBytes, utf8 } from "../../proto/bytes.ts";
import type { Party } from "../chain-session.ts";
import { Corpus } from "../corpus.ts";
import { NgramModel } from "../ngram-model.ts";
import { SpanIndex } from "../span-index.ts";
import { check, PRICE, sent, type TextSealing, type TourContext, TourError } from "./context.ts";
import { ensureModel, type Ground } from "./ground.ts";
import type { AccessResult } from "./report.ts";

/** What nobody outside the datanet may read. */
const NOTES: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: "reserves.md",
    text: "Before we list a token we read its reserves at three moments of one block, because a donation between two of them moves the price for whoever looks only once. We write down what each moment said and who could have paid for the difference.",
  },
  {
    name: "upgrades.md",
    text: "An upgrade that nobody can stop is a second owner. So we ask for the delay, for the key that may shorten it, and for the day on which that key was used last; a project that cannot name the day has never tried its own brake.",
  },
  {
    name: "oracles.md",
    text: "If two feeds agree to the last digit they are one feed. We compare how they failed in the past, not how they answer today, and we prefer a slow one that says when it is unsure.",
  },
];
const DATANET_NAME = "audit-notes";
const MODEL_NAME = "audit-notes-ngram";
const ACCESS_PRICE = { ...PRICE, amount: "250000" };
const KEY_VERSION = 1;

/** A private datanet as its members have it. */
export interface Secret extends Pick<Ground, "model" | "answers"> {
  readonly datanetId: bigint;
  readonly contributor: Party;
  readonly contentKey: Uint8Array;
  /** By record number. */
  readonly notes: ReadonlyMap<bigint, { readonly text: Uint8Array; readonly block: Uint8Array }>;
}

/** Makes the datanet, its sealed records and the model, as far as they are missing. */
export async function prepareSecret(tour: TourContext, sealing: TextSealing): Promise<Secret> {
  const { session, contributors, contentKey, say } = tour;
  const contributor = contributors[4];
  if (contributor === undefined) throw new TourError("there is no contributor for the private datanet");
  const datanetId = await ensureDatanet(tour);
  const place = { chainId: session.chainId, datanetId, keyVersion: KEY_VERSION };
  const texts = NOTES.map(({ name, text }) => ({ name, text: utf8(text) }));
  const blocks = texts.map(({ text }) => sealing.sealText(text, contentKey, place));
  const known = await session.find("tributary.datanet.v1.Query/Member", { datanetId, address: contributor.address });
  if (known === undefined) {
    const records = texts.map(({ name, text }, i) => {
      const described = recordInputOf(text, { name, licence: "", class: "" });
      // What is named is the sealed block, and likeness to other texts is not told.
      return { ...described, contentHash: sha256(blocks[i]!), semanticSignature: new Uint8Array(0) };
    });
    await session.send(contributor, [
      nativeMessage("tributary.datanet.v1.MsgJoin", { member: contributor.address, datanetId }),
      nativeMessage("tributary.datanet.v1.MsgContribute", { contributor: contributor.address, datanetId, records }),
    ]);
    say(`${contributor.name} contributed ${records.length} sealed notes to private datanet ${datanetId}`);
  }
  const notes = new Map(texts.map(({ text }, i) => [BigInt(i + 1), { text, block: blocks[i]! }]));
  const records = [...notes].map(([number, { text }]) => ({ datanetId, number, text }));
  const answers = new NgramModel(new SpanIndex(Corpus.of(records)));
  const lineage = { datanetId, recordCount: BigInt(records.length) };
  const model = await ensureModel(tour, MODEL_NAME, answers, lineage);
  return { datanetId, contributor, contentKey, notes, answers, model };
}

/** The user buys a unit of the datanet's token, spends it, is given the wrapped content key, and opens a note with it. */
export async function openLicensed(tour: TourContext, sealing: TextSealing, secret: Secret): Promise<AccessResult> {
  const { session, owner, user, encryptionKey, say } = tour;
  const { datanetId } = secret;
  const denom = `data/${datanetId}`;
  const unitsOf = async (): Promise<bigint> => BigInt((await user.client.getBalance(user.address, denom)).amount);
  const accesses = async (): Promise<bigint> => {
    const found = await session.find("tributary.datanet.v1.Query/Access", { datanetId, holder: user.address });
    return BigInt(found?.access.units ?? 0);
  };
  const [unitsBefore, before] = [await unitsOf(), await accesses()];
  const name = "tributary.datanet.v1.MsgBuyDataTokens";
  const bought = { buyer: user.address, datanetId, units: "1", maxPrice: ACCESS_PRICE };
  const { paid } = await sent(tour, user, name, `${name}Response`, bought);
  check(paid.amount === ACCESS_PRICE.amount, `a unit of ${denom} cost ${paid.amount} of ${ACCESS_PRICE.amount}`);
  check((await unitsOf()) - unitsBefore === 1n, `${user.name} has one unit of ${denom} more`);
  const publicKey = sealing.encryptionPublicKey(encryptionKey);
  await session.send(user, [
    nativeMessage("tributary.datanet.v1.MsgSetEncryptionKey", { account: user.address, publicKey }),
    nativeMessage("tributary.datanet.v1.MsgSpendDataTokens", { holder: user.address, datanetId, units: "1" }),
  ]);
  check((await accesses()) - before === 1n, `the chain counts one licensed access of ${user.name}`);
  check((await unitsOf()) === unitsBefore, `the unit of ${denom} is spent`);
  const place = { chainId: session.chainId, datanetId, keyVersion: KEY_VERSION };
  const wrappedKey = sealing.wrapContentKey(secret.contentKey, publicKey, user.address, place);
  const grant = { granter: owner.address, datanetId, grantee: user.address, wrappedKey };
  await session.send(owner, [nativeMessage("tributary.datanet.v1.MsgGrantAccess", grant)]);
  const of = { datanetId, grantee: user.address };
  const { accessGrants } = await session.query("tributary.datanet.v1.Query/AccessGrantsOf", of);
  const own = accessGrants.find(({ keyVersion }) => keyVersion === KEY_VERSION);
  if (own === undefined) throw new TourError(`${user.name} has no grant for datanet ${datanetId}`);
  const key = sealing.unwrapContentKey(own.wrappedKey, encryptionKey, user.address, place);
  for (const [number, { text, block }] of secret.notes) {
    const { record } = await session.query("tributary.datanet.v1.Query/Record", { datanetId, number });
    check(equalBytes(sha256(block), record.contentHash), `record ${datanetId}/${number} names the sealed block`);
    check(equalBytes(sealing.openText(block, key, place), text), `the granted key opens record ${datanetId}/${number}`);
  }
  say(`${user.name} spent a unit of ${denom}, was given the content key, and read ${secret.notes.size} sealed notes`);
  return { denom, price: { denom: paid.denom, amount: paid.amount }, units: "1", opened: secret.notes.size };
}

async function ensureDatanet({ session, owner, say }: TourContext): Promise<bigint> {
  const name = DATANET_NAME;
  const known = await session.find("tributary.datanet.v1.Query/DatanetByName", { name });
  if (known !== undefined) return known.datanet.id;
  const terms = { licence: "LicenseRef-members", terms: "for members", admission: 1, isPrivate: true };
  const created = { owner: owner.address, name, ...terms, accessPrice: ACCESS_PRICE };
  await session.send(owner, [nativeMessage("tributary.datanet.v1.MsgCreateDatanet", created)]);
  const { datanet } = await session.query("tributary.datanet.v1.Query/DatanetByName", { name });
  // From now on there is a content key, of which the chain knows the number alone.
  await session.send(owner, [
    nativeMessage("tributary.datanet.v1.MsgRotateKey", { owner: owner.address, datanetId: datanet.id }),
  ]);
  say(`${owner.name} created private datanet ${datanet.id}, "${name}"`);
  return datanet.id;
}
