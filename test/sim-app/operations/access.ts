/** Who may read a datanet and who pays for it: keys and grants, tokens, sponsored newcomers. Owns the choice. */
import { sha256 } from "../../../node/crypto.ts";
import { utf8 } from "../../../proto/bytes.ts";
import type { Operation, Plan } from "../operation.ts";
import { type AppWorld, DENOM } from "../world.ts";
import { type Datanet, someDatanet, someDecider } from "./people.ts";

function operation(
  name: string,
  weight: number,
  plan: (world: AppWorld, datanet: Datanet) => Plan | undefined,
): Operation {
  return {
    name: `datanet.${name}`,
    weight,
    plan: (world) => {
      const datanet = someDatanet(world);
      return datanet === undefined ? undefined : plan(world, datanet);
    },
  };
}

function byOwner(world: AppWorld, { owner }: Datanet, message: Plan["message"]): Plan | undefined {
  const from = world.nameOf(owner);
  return from === undefined ? undefined : { from, message };
}

const keyOperations: readonly Operation[] = [
  {
    name: "datanet.SetEncryptionKey",
    weight: 2,
    plan: (world) => {
      const from = world.someone();
      const publicKey = sha256(utf8(`key ${from} ${world.chain.height}`));
      return {
        from,
        message: ["tributary.datanet.v1.MsgSetEncryptionKey", { account: world.address(from), publicKey }],
      };
    },
  },
  operation("RotateKey", 1, (world, datanet) => {
    const { owner, id: datanetId } = datanet;
    return byOwner(world, datanet, ["tributary.datanet.v1.MsgRotateKey", { owner, datanetId }]);
  }),
  operation("GrantAccess", 4, (world, datanet) => {
    const from = datanet.keyVersion === 0 ? undefined : someDecider(world, datanet);
    const addresses = world.people.map((name) => world.address(name));
    const grantee = world.some(
      addresses.filter((account) => world.seek("datanet", "EncryptionKey", { account }) !== undefined),
    );
    if (from === undefined || grantee === undefined) return undefined;
    const wrappedKey = sha256(utf8(`wrapped ${world.chain.height}`));
    const value = { granter: world.address(from), datanetId: datanet.id, grantee, wrappedKey };
    return { from, message: ["tributary.datanet.v1.MsgGrantAccess", value] };
  }),
  operation("RevokeAccess", 2, (world, datanet) => {
    const { accessGrants } = world.ask("datanet", "AccessGrants", { datanetId: datanet.id });
    const grant = world.some(accessGrants.filter(({ isRevoked }) => !isRevoked));
    const from = someDecider(world, datanet);
    if (grant === undefined || from === undefined) return undefined;
    const value = { granter: world.address(from), datanetId: datanet.id, grantee: grant.grantee };
    return { from, message: ["tributary.datanet.v1.MsgRevokeAccess", value] };
  }),
];

const tokenOperations: readonly Operation[] = [
  operation("BuyDataTokens", 3, (world, { id: datanetId, accessPrice }) => {
    const from = world.someone();
    if (accessPrice === undefined) return undefined;
    const units = BigInt(1 + world.random.below(20));
    const maxPrice = world.coin(BigInt(accessPrice.amount) * units, accessPrice.denom);
    const value = { buyer: world.address(from), datanetId, units: units.toString(), maxPrice };
    return { from, message: ["tributary.datanet.v1.MsgBuyDataTokens", value] };
  }),
  operation("SpendDataTokens", 2, (world, { id: datanetId }) => {
    const held = world.ownerOf((name) => {
      const units = world.spendable(name, `data/${datanetId}`);
      return units > 0n ? [units] : [];
    });
    if (held === undefined) return undefined;
    const value = { holder: world.address(held.from), datanetId, units: world.amount(held.thing).toString() };
    return { from: held.from, message: ["tributary.datanet.v1.MsgSpendDataTokens", value] };
  }),
];

const sponsorOperations: readonly Operation[] = [
  operation("FundSponsorship", 1.5, (world, { id: datanetId }) => {
    const from = world.someone();
    const amount = world.coin(world.amount(world.spendable(from) / 1000n), DENOM);
    const value = { funder: world.address(from), datanetId, amount };
    return { from, message: ["tributary.datanet.v1.MsgFundSponsorship", value] };
  }),
  operation("WithdrawSponsorship", 3, (world, datanet) => {
    const { owner, id: datanetId } = datanet;
    const { balance } = world.ask("datanet", "Sponsorship", { datanetId });
    const held = BigInt(balance.find(({ denom }) => denom === DENOM)?.amount ?? "0");
    if (held === 0n) return undefined;
    const value = { owner, datanetId, amount: world.coin(world.amount(held), DENOM) };
    return byOwner(world, datanet, ["tributary.datanet.v1.MsgWithdrawSponsorship", value]);
  }),
  operation("Invite", 2, (world, datanet) => {
    const from = someDecider(world, datanet);
    if (datanet.sponsorship === undefined || from === undefined) return undefined;
    const newcomer = world.address(`newcomer ${world.chain.height} ${world.random.below(1_000_000)}`);
    const value = { inviter: world.address(from), datanetId: datanet.id, newcomer };
    return { from, message: ["tributary.datanet.v1.MsgInvite", value] };
  }),
];

export const accessOperations: readonly Operation[] = [...keyOperations, ...tokenOperations, ...sponsorOperations];
