/** Datanets, who is in them and what is put into them, at once or in two steps. Owns the choice; texts are texts.ts. */
import { commitmentHash } from "../../../modules/datanet/keeper/commitments.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import type { MessageInput } from "../../../proto/codec.ts";
import { Admission } from "../../../proto/enums.gen.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { accountOf } from "../../support/chain-harness.ts";
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM } from "../world.ts";
import { type Datanet, datanets, freeMembers, someDatanet, someDecider } from "./people.ts";
import { writtenFor } from "./texts.ts";

const MOST_DATANETS = 6;
const SALT = new Uint8Array(16).fill(7);

type Update = MessageInput<"tributary.datanet.v1.MsgUpdateDatanet">;

/** A change of a datanet that leaves everything else as it is. */
export function update(datanet: Datanet, changes: Partial<Update>): MessageToSend {
  const { owner, id: datanetId, treasury, curators, validators, joinFee, accessPrice } = datanet;
  const { recordBond, curationQuorum, sponsorship } = datanet;
  const same = { treasury, curators, validators, joinFee, accessPrice, recordBond, curationQuorum, sponsorship };
  return ["tributary.datanet.v1.MsgUpdateDatanet", { owner, datanetId, ...same, ...changes }];
}

function somePeople(world: AppWorld, most: number): string[] {
  const names = Array.from({ length: world.random.below(most + 1) }, () => world.random.pick(world.people));
  return [...new Set(names)].map((name) => world.address(name));
}

function isMember(world: AppWorld, datanetId: bigint, name: string): boolean {
  return world.seek("datanet", "Member", { datanetId, address: world.address(name) }) !== undefined;
}

const memberOperations: readonly Operation[] = [
  {
    name: "datanet.CreateDatanet",
    weight: 3,
    plan: (world) => {
      const known = datanets(world).length;
      if (known >= MOST_DATANETS) return undefined;
      const from = world.someone();
      const { random } = world;
      // The first two are open to all, so that there is something to do in every run.
      const isOpen = known < 2;
      const terms = {
        ...(random.chance(0.5) ? { joinFee: world.coin(100n), treasury: world.address(from) } : {}),
        admission: isOpen || random.chance(0.5) ? Admission.ADMISSION_OPEN : Admission.ADMISSION_CURATED,
        isPrivate: !isOpen && random.chance(0.25),
        commitFirst: !isOpen && random.chance(0.25),
        curationQuorum: random.below(3),
        curators: somePeople(world, 3),
        validators: somePeople(world, 2),
        accessPrice: world.coin(BigInt(1 + random.below(5000))),
      };
      const value = { owner: world.address(from), name: `net-${known}`, licence: "MIT", ...terms };
      return { from, message: ["tributary.datanet.v1.MsgCreateDatanet", value] };
    },
  },
  {
    name: "datanet.Join",
    weight: 2,
    plan: (world) => {
      const datanet = someDatanet(world, ({ admission }) => admission === Admission.ADMISSION_OPEN);
      const from = world.someone();
      if (datanet === undefined) return undefined;
      if (isMember(world, datanet.id, from) && world.random.chance(0.95)) return undefined;
      const value = { member: world.address(from), datanetId: datanet.id };
      return { from, message: ["tributary.datanet.v1.MsgJoin", value] };
    },
  },
  {
    name: "datanet.Admit",
    weight: 2,
    plan: (world) => {
      const datanet = someDatanet(world, ({ admission }) => admission === Admission.ADMISSION_CURATED);
      const from = datanet && someDecider(world, datanet);
      const name = world.random.pick(world.people);
      if (datanet === undefined || from === undefined || isMember(world, datanet.id, name)) return undefined;
      const value = { curator: world.address(from), datanetId: datanet.id, member: world.address(name) };
      return { from, message: ["tributary.datanet.v1.MsgAdmit", value] };
    },
  },
  {
    name: "datanet.UpdateDatanet",
    weight: 2,
    plan: (world) => {
      const datanet = someDatanet(world);
      const from = datanet && world.nameOf(datanet.owner);
      if (datanet === undefined || from === undefined) return undefined;
      const changes = {
        accessPrice: world.coin(BigInt(1 + world.random.below(5000))),
        sponsorship: { feeAllowance: world.coin(100_000n, DENOM), allowanceSeconds: 600n, bondedRecords: 3 },
        curators: somePeople(world, 3),
        validators: somePeople(world, 2),
        ...(world.random.chance(0.1) ? { newOwner: world.address(world.random.pick(world.people)) } : {}),
      };
      return { from, message: update(datanet, changes) };
    },
  },
];

const contributionOperations: readonly Operation[] = [
  {
    name: "datanet.Contribute",
    weight: 7,
    plan: (world) => {
      const datanet = someDatanet(world, ({ commitFirst }) => !commitFirst);
      const from = datanet && world.some(freeMembers(world, datanet.id));
      if (datanet === undefined || from === undefined) return undefined;
      const count = world.random.chance(0.3) ? 2 : 1;
      const records = Array.from({ length: count }, () => writtenFor(world, datanet.id));
      const value = { contributor: world.address(from), datanetId: datanet.id, records };
      return { from, message: ["tributary.datanet.v1.MsgContribute", value] };
    },
  },
  {
    name: "datanet.Commit",
    weight: 2,
    plan: (world) => {
      const datanet = someDatanet(world);
      const from = datanet && world.some(freeMembers(world, datanet.id));
      if (datanet === undefined || from === undefined) return undefined;
      const records = [writtenFor(world, datanet.id)];
      const hash = commitmentHash(datanet.id, accountOf(from).bytes, SALT, records, nodeHasher());
      world.library.keepSecret(hash, { salt: SALT, records });
      const value = { contributor: world.address(from), datanetId: datanet.id, hash };
      return { from, message: ["tributary.datanet.v1.MsgCommit", value] };
    },
  },
  {
    name: "datanet.Reveal",
    weight: 4,
    plan: (world) => {
      const { commitments } = world.ask("datanet", "Commitments");
      const commitment = world.some(commitments.filter(({ expiresAt }) => expiresAt > world.now + 12n));
      const from = commitment && world.nameOf(commitment.contributor);
      const secret = commitment && world.library.secret(commitment.hash);
      if (commitment === undefined || from === undefined || secret === undefined) return undefined;
      const value = { contributor: commitment.contributor, commitmentId: commitment.id, ...secret };
      return { from, message: ["tributary.datanet.v1.MsgReveal", { ...value, records: [...secret.records] }] };
    },
  },
  {
    name: "datanet.SetPayoutAddress",
    weight: 0.7,
    plan: (world) => {
      const from = world.someone();
      const payoutAddress = world.address(world.random.pick(world.people));
      const value = { contributor: world.address(from), payoutAddress };
      return { from, message: ["tributary.datanet.v1.MsgSetPayoutAddress", value] };
    },
  },
];

export const datanetOperations: readonly Operation[] = [...memberOperations, ...contributionOperations];
