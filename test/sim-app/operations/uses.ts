/** Uses of models and datanets from their opening to the payment, settled at once or signed for. Owns the choice; batches are batches.ts. */
import { Corpus } from "../../../attribution/corpus.ts";
import { SpanProver } from "../../../attribution/settlement.ts";
import { SpanIndex } from "../../../attribution/span-index.ts";
import { divideCharge } from "../../../modules/attribution/charge.ts";
import { acknowledgementText, receiptText } from "../../../modules/attribution/receipt.ts";
import { sha256 } from "../../../node/crypto.ts";
import { utf8 } from "../../../proto/bytes.ts";
import type { MessageInput } from "../../../proto/codec.ts";
import { ProofType, UseKind, UseStatus } from "../../../proto/enums.gen.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { textRecord } from "../../support/honest-batch.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import type { Operation, Plan } from "../operation.ts";
import { type AppWorld, DENOM, OTHER_DENOM } from "../world.ts";
import { composed, hasPrivate, type ModelVersion, type Use, usesOf, versionOf } from "./answers.ts";
import { type Model, signText, someModel } from "./models.ts";
import { isEarning, records, someDatanet } from "./people.ts";
import { freshWords, isExample, letters } from "./texts.ts";

const MAX_FEE = "400000";
const FEATURES = 3;

/** What is asked of a model, and how its answer is to be proved. */
function question(world: AppWorld, { lineage }: Model): Pick<Use, "kind" | "proof"> & { readonly prompt: string } {
  const { random } = world;
  const kind = UseKind.USE_KIND_INFERENCE;
  const texts = lineage.flatMap(({ datanetId }) =>
    records(world, datanetId).flatMap(({ contentHash }) => world.library.text(contentHash) ?? []),
  );
  if (texts.some(isExample) && random.chance(0.4)) {
    return { kind, proof: ProofType.PROOF_TYPE_KNN, prompt: letters(world, FEATURES) };
  }
  const { tableId } = world.ask("attribution", "Params").params.rules;
  const words = new TextDecoder().decode(world.some(texts) ?? new Uint8Array(0)).split(" ");
  if (tableId > 0n && random.chance(0.3)) {
    const prompt = words.slice(0, 4).join(" ");
    return { kind: UseKind.USE_KIND_RETRIEVAL, proof: ProofType.PROOF_TYPE_BM25, prompt };
  }
  return { kind, proof: ProofType.PROOF_TYPE_SPAN, prompt: freshWords(world, 3) };
}

function opening(world: AppWorld, from: string, maxFee: MessageInput<"cosmos.base.v1beta1.Coin">): Plan | undefined {
  const model = someModel(world);
  if (model === undefined) return undefined;
  const { prompt, ...asked } = question(world, model);
  const hosts = world.ask("model", "Hosts", { modelId: model.id }).hosts.map(({ host }) => host);
  const value = {
    user: world.address(from),
    modelId: model.id,
    promptHash: sha256(world.library.keep(utf8(prompt))),
    maxFee,
    receiptKey: accountOf(from).publicKey,
    maxUnits: BigInt(world.random.chance(0.3) ? 1 + world.random.below(3) : 1),
    // Half of the users leave the choice to the chain.
    host: world.random.chance(0.5) ? (world.some(hosts) ?? "") : "",
    ...asked,
  };
  return { from, message: ["tributary.attribution.v1.MsgOpenUse", value] };
}

/** Whether a pool that takes swaps holds both coins, so that a fee can be bought. */
function hasRoute(world: AppWorld): boolean {
  return world
    .ask("tokenpool", "Pools")
    .pools.some(
      ({ denom0, denom1, batched, reserve0 }) =>
        denom0 === DENOM && denom1 === OTHER_DENOM && !batched && BigInt(reserve0) > 1_000_000n,
    );
}

const openOperations: readonly Operation[] = [
  {
    name: "attribution.OpenUse",
    weight: 9,
    plan: (world) => opening(world, world.someone(), { denom: DENOM, amount: MAX_FEE }),
  },
  {
    name: "attribution.OpenUse in another coin",
    weight: 1.5,
    plan: (world) => {
      const from = world.someone();
      const most = world.spendable(from, OTHER_DENOM) / 2n;
      if (most < 1_000_000n || !hasRoute(world)) return undefined;
      return opening(world, from, world.coin(most, OTHER_DENOM));
    },
  },
  {
    name: "attribution.OpenUse of a datanet",
    weight: 2,
    plan: (world) => {
      const datanet = someDatanet(world, ({ recordCount }) => recordCount > 0n);
      const price = datanet?.accessPrice;
      const from = world.someone();
      if (datanet === undefined || price === undefined) return undefined;
      const maxUnits = BigInt(1 + world.random.below(3));
      const value = {
        user: world.address(from),
        kind: world.random.pick([UseKind.USE_KIND_TRAINING, UseKind.USE_KIND_ACCESS]),
        datanetId: datanet.id,
        maxUnits,
        maxFee: { denom: price.denom, amount: (BigInt(price.amount) * maxUnits).toString() },
      };
      return { from, message: ["tributary.attribution.v1.MsgOpenUse", value] };
    },
  },
];

/** Spans that an honest host proves. */
function spansOf(world: AppWorld, version: ModelVersion, output: Uint8Array) {
  const texts = version.lineage.flatMap(({ datanetId, recordCount }) =>
    records(world, datanetId)
      .slice(0, Number(recordCount))
      .filter(isEarning)
      .map(({ number, contentHash, claimHeight: height }) => ({
        ...{ datanetId, number, height },
        text: world.library.text(contentHash)!,
      })),
  );
  if (texts.length === 0) return [];
  const prover = SpanProver.over(new SpanIndex(Corpus.of(texts)), nativeHasher);
  return [...prover.prove(output, world.ask("attribution", "Params").params)];
}

function openUses(world: AppWorld, fits: (use: Use) => boolean = () => true): readonly Use[] {
  return usesOf(world, UseStatus.USE_STATUS_OPEN).filter((use) => use.expiresAt > world.now + 12n && fits(use));
}

/** What can be settled at once, if the host has a bond for it. */
function inlineUses(world: AppWorld): readonly Use[] {
  return openUses(world, ({ proof, maxUnits }) => proof === ProofType.PROOF_TYPE_SPAN && maxUnits === 1n);
}

/** What the bond of a use's host lacks of what must stand behind settling it at once, beside what was settled so of late; 0 for nothing. */
function lackingBond(world: AppWorld, use: Use): bigint {
  const { game, split, dataSplit, useTimeoutSeconds } = world.ask("attribution", "Params").params;
  // No settlement counts for longer than two periods, and none comes later after its opening than the timeout.
  const counts = 2n * BigInt(useTimeoutSeconds + game.windowSeconds) + BigInt(useTimeoutSeconds);
  const settled = usesOf(world, UseStatus.USE_STATUS_SETTLED).filter(
    ({ host, openedAt }) => host === use.host && openedAt + counts > world.now,
  );
  const proved = [use, ...settled].map(({ fee }) => divideCharge(BigInt(fee.amount), split, dataSplit).proved);
  const wanted = BigInt(game.inlineBondMultiple) * proved.reduce((sum, part) => sum + part, 0n);
  const { operator } = world.ask("model", "Operator", { operator: use.host });
  const lacking = wanted - BigInt(operator.bond);
  return lacking > 0n ? lacking : 0n;
}

const inlineOperations: readonly Operation[] = [
  {
    name: "model.BondOperator to settle at once",
    weight: 8,
    plan: (world) => {
      const use = world.some(inlineUses(world).filter((one) => lackingBond(world, one) > 0n));
      const from = use && world.nameOf(use.host);
      if (use === undefined || from === undefined) return undefined;
      // Room for a few more.
      const amount = 4n * lackingBond(world, use);
      if (world.spendable(from) < amount) return undefined;
      return {
        from,
        message: ["tributary.model.v1.MsgBondOperator", { operator: use.host, amount: world.coin(amount) }],
      };
    },
  },
  {
    name: "attribution.SettleUse",
    weight: 8,
    plan: (world) => {
      const isTried = (one: Use) => lackingBond(world, one) === 0n || world.random.chance(0.03);
      const use = world.some(inlineUses(world).filter(isTried));
      const [from, user] = [use && world.nameOf(use.host), use && world.nameOf(use.user)];
      if (use === undefined || from === undefined || user === undefined) return undefined;
      const version = versionOf(world, use);
      if (hasPrivate(world, version)) return undefined;
      const answer = composed(world, use);
      world.library.keepAnswer(answer);
      const { output } = answer;
      const receipt = signText(world, user, receiptText(world.chain.chainId, use.id, sha256(output)));
      // Some hosts keep everything from the contributors.
      const spans = world.random.chance(0.3) ? [] : spansOf(world, version, output);
      const value = { host: use.host, useId: use.id, output, receipt, spans };
      return { from, message: ["tributary.attribution.v1.MsgSettleUse", value] };
    },
  },
  {
    name: "attribution.CancelUse",
    weight: 1,
    plan: (world) => {
      const late = usesOf(world, UseStatus.USE_STATUS_ACKNOWLEDGED).filter(({ settleBy }) => settleBy < world.now);
      const use = world.some([...usesOf(world, UseStatus.USE_STATUS_OPEN), ...late]);
      if (use === undefined) return undefined;
      const isLate = use.status === UseStatus.USE_STATUS_ACKNOWLEDGED || use.expiresAt < world.now;
      const from = isLate ? world.someone() : world.nameOf(use.host);
      if (from === undefined) return undefined;
      const value = { sender: world.address(from), useId: use.id };
      return { from, message: ["tributary.attribution.v1.MsgCancelUse", value] };
    },
  },
  {
    name: "attribution.Claim",
    weight: 2,
    plan: (world) => {
      const { minClaim } = world.ask("attribution", "Params").params;
      const owner = world.ownerOf((name) =>
        world
          .ask("attribution", "Earnings", { beneficiary: world.address(name) })
          .earnings.filter(({ unclaimed }) => BigInt(unclaimed) >= BigInt(minClaim)),
      );
      if (owner === undefined) return undefined;
      const sender = world.address(owner.from);
      return { from: owner.from, message: ["tributary.attribution.v1.MsgClaim", { sender, beneficiary: sender }] };
    },
  },
];

/** A receipt for a use that user and host sign, handed in by anyone. */
function acknowledged(world: AppWorld, use: Use, units: bigint): Plan | undefined {
  const [user, host] = [world.nameOf(use.user), world.nameOf(use.host)];
  const prompt = world.library.text(use.promptHash);
  if (user === undefined || host === undefined || prompt === undefined) return undefined;
  const answer = composed(world, use);
  world.library.keepAnswer(answer);
  const [asked, said] = [textRecord(1n, "", prompt).text, textRecord(1n, "", answer.output).text];
  const receipt = {
    ...{ promptRoot: asked.root, promptLength: BigInt(asked.length), units },
    ...{ outputRoot: said.root, outputLength: BigInt(said.length) },
  };
  const text = acknowledgementText(world.chain.chainId, use.id, receipt);
  const signatures = { userSignature: signText(world, user, text), hostSignature: signText(world, host, text) };
  const from = world.someone();
  const value = { sender: world.address(from), useId: use.id, receipt, ...signatures };
  return { from, message: ["tributary.attribution.v1.MsgAckUse", value] };
}

/** Whether an account has signed a transaction, so that the chain knows its key. */
function hasKey(world: AppWorld, address: string): boolean {
  const request = ["cosmos.auth.v1beta1.QueryAccountRequest", { address }] as const;
  const { account } = world.chain.query(
    "/cosmos.auth.v1beta1.Query/Account",
    request,
    "cosmos.auth.v1beta1.QueryAccountResponse",
  );
  // A base account's key is its second field; an account without one is shorter than any key.
  return account !== undefined && account.value.length > address.length + accountOf("person0").publicKey.length;
}

const receiptOperations: readonly Operation[] = [
  {
    name: "attribution.AckUse",
    weight: 9,
    plan: (world) => {
      const use = world.some(openUses(world, ({ proof }) => proof !== ProofType.PROOF_TYPE_NONE));
      if (use === undefined || !hasKey(world, use.host)) return undefined;
      return acknowledged(world, use, BigInt(1 + world.random.below(Number(use.maxUnits))));
    },
  },
  {
    name: "attribution.AckUse of another receipt",
    weight: 0.7,
    plan: (world) => {
      const closed = usesOf(world, UseStatus.USE_STATUS_ACKNOWLEDGED, UseStatus.USE_STATUS_CANCELLED);
      const use = world.some(closed.filter(({ isReported }) => !isReported));
      if (use === undefined || !hasKey(world, use.host)) return undefined;
      return acknowledged(world, use, use.maxUnits);
    },
  },
];

export const useOperations: readonly Operation[] = [...openOperations, ...inlineOperations, ...receiptOperations];
