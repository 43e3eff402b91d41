/** What several kinds of operations ask of datanets and their records. Owns no operation. */
import { RecordStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { AppWorld } from "../world.ts";

export type Datanet = Messages["tributary.datanet.v1.Datanet"];
export type DatanetRecord = Messages["tributary.datanet.v1.Record"];

const { RECORD_STATUS_PENDING, RECORD_STATUS_FINAL } = RecordStatus;

export function datanets(world: AppWorld): readonly Datanet[] {
  return world.ask("datanet", "Datanets").datanets;
}

export function someDatanet(world: AppWorld, fits: (datanet: Datanet) => boolean = () => true): Datanet | undefined {
  return world.some(datanets(world).filter(fits));
}

/** All records of a datanet: number n is at n - 1. */
export function records(world: AppWorld, datanetId: bigint): readonly DatanetRecord[] {
  return world.ask("datanet", "Records", { datanetId, pagination: { limit: 1000n } }).records;
}

export function isEarning({ status }: DatanetRecord): boolean {
  return status === RECORD_STATUS_PENDING || status === RECORD_STATUS_FINAL;
}

export function earning(world: AppWorld, datanetId: bigint): readonly DatanetRecord[] {
  return records(world, datanetId).filter(isEarning);
}

/** The owner and the curators, who decide about records. */
export function deciders({ owner, curators }: Datanet): readonly string[] {
  return [...new Set([owner, ...curators])];
}

/** A decider of a datanet who can sign now, by name. */
export function someDecider(world: AppWorld, datanet: Datanet, but: readonly string[] = []): string | undefined {
  const free = deciders(datanet)
    .filter((address) => !but.includes(address))
    .flatMap((address) => world.nameOf(address) ?? [])
    .filter((name) => world.isFree(name));
  return world.some(free);
}

/** Members of a datanet who can sign now, by name. */
export function freeMembers(world: AppWorld, datanetId: bigint): readonly string[] {
  const { members } = world.ask("datanet", "Members", { datanetId, pagination: { limit: 1000n } });
  return members.flatMap(({ address }) => world.nameOf(address) ?? []).filter((name) => world.isFree(name));
}
