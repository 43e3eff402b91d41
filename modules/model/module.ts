/** Owns the definition of the model module: models, who serves them, and what was put on them. */
import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import { invariants } from "./invariants.ts";
import { payUnbackings } from "./keeper/backing.ts";
import { decideMilestones } from "./keeper/milestones.ts";
import { payBonds } from "./keeper/operators.ts";
import { CURVES, MODEL, ModelKeeper, type ModelUses } from "./keeper.ts";
import * as msgs from "./msgs.ts";
import * as queries from "./queries.ts";
import { state } from "./state.ts";

export const model = defineModule({
  name: MODEL,
  proto: "tributary.model.v1",
  version: 1,
  state,
  errors,
  keeper: (uses: ModelUses) => new ModelKeeper(uses),
  accounts: { [MODEL]: ["burner"], [CURVES]: ["minter", "burner"] },
  msgs: {
    RegisterModel: msgs.registerModel,
    AddVersion: msgs.addVersion,
    UpdateHosting: msgs.updateHosting,
    UpdateTerms: msgs.updateTerms,
    Retire: msgs.retire,
    OfferSlots: msgs.offerSlots,
    WithdrawOffer: msgs.withdrawOffer,
    MountAdapter: msgs.mountAdapter,
    UnmountAdapter: msgs.unmountAdapter,
    BondOperator: msgs.bondOperator,
    UnbondOperator: msgs.unbondOperator,
    Back: msgs.back,
    Unback: msgs.unback,
    ClaimBacking: msgs.claimBacking,
    OpenCurve: msgs.openCurve,
    BuyShares: msgs.buyShares,
    SellShares: msgs.sellShares,
    UnlockShares: msgs.unlockShares,
    ProposeMilestone: msgs.proposeMilestone,
    VetoMilestone: msgs.vetoMilestone,
    Slash: msgs.slash,
    UpdateParams: msgs.updateParams,
  },
  queries: {
    Params: queries.params,
    Model: queries.model,
    Models: queries.models,
    ModelByWeights: queries.modelByWeights,
    Versions: queries.versions,
    Lineage: queries.lineage,
    Ranking: queries.ranking,
    Hosts: queries.hosts,
    Operator: queries.operator,
    Backing: queries.backing,
    Backers: queries.backers,
    Position: queries.position,
    Curve: queries.curve,
    QuoteBuy: queries.buyQuote,
    QuoteSell: queries.sellQuote,
    Milestones: queries.milestones,
  },
  genesis: { default: defaultGenesis, validate: validateGenesis, init: initGenesis, export: exportGenesis },
  endBlock: (keeper, ctx) => {
    payUnbackings(keeper, ctx);
    payBonds(keeper, ctx);
    decideMilestones(keeper, ctx);
  },
  invariants,
  cli: {
    UpdateHosting: { args: ["modelId", "host", "price"] },
    UpdateTerms: { args: ["modelId", "royaltyPpm", "backersPpm"] },
    Retire: { args: ["modelId"] },
    OfferSlots: { args: ["modelId", "slots", "price"] },
    WithdrawOffer: { args: ["modelId"] },
    MountAdapter: { args: ["adapterId"] },
    UnmountAdapter: { args: ["adapterId"] },
    BondOperator: { args: ["amount"] },
    UnbondOperator: { args: ["amount"] },
    Back: { args: ["modelId", "amount"] },
    Unback: { args: ["modelId", "shares"] },
    ClaimBacking: { args: ["modelId"] },
    OpenCurve: { args: ["modelId", "kind", "blockBuyCap"] },
    BuyShares: { args: ["modelId", "shares", "maxCost"] },
    SellShares: { args: ["modelId", "shares", "minPayout"] },
    UnlockShares: { args: ["modelId"] },
    ProposeMilestone: { args: ["modelId", "amount", "evidenceHash"] },
    VetoMilestone: { args: ["modelId", "number"] },
    Slash: { hidden: true },
    Model: { args: ["modelId"] },
    ModelByWeights: { args: ["weightsHash"] },
    Versions: { args: ["modelId"] },
    Lineage: { args: ["modelId"] },
    Hosts: { args: ["modelId"] },
    Operator: { args: ["operator"] },
    Backing: { args: ["modelId"] },
    Backers: { args: ["modelId"] },
    Position: { args: ["modelId", "backer"] },
    Curve: { args: ["modelId"] },
    QuoteBuy: { args: ["modelId", "shares"] },
    QuoteSell: { args: ["modelId", "shares"] },
    Milestones: { args: ["modelId"] },
  },
});
