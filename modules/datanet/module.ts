/** Owns the definition of the datanet module. What it does is keeper/'s. */
import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { emptyGenesis, exportAll, init, validate } from "./genesis.ts";
import { invariants } from "./invariants.ts";
import { settleDeadlines } from "./keeper/deadlines.ts";
import { DATANET, DatanetKeeper, type DatanetUses } from "./keeper.ts";
import { msgs } from "./msgs.ts";
import { queries } from "./queries.ts";
import { state } from "./state.ts";

export const datanet = defineModule({
  name: DATANET,
  proto: "tributary.datanet.v1",
  version: 1,
  state,
  errors,
  keeper: (uses: DatanetUses) => new DatanetKeeper(uses),
  // It makes and destroys the datanets' tokens, and holds bonds.
  accounts: { [DATANET]: ["minter", "burner"] },
  msgs,
  queries,
  genesis: {
    default: emptyGenesis,
    validate,
    init: (keeper, ctx, genesis) => {
      validate(genesis);
      init(ctx, genesis);
      // The bank's genesis comes first: what is bonded must lie there, and tokens must be those that were sold.
      for (const invariant of [invariants.bonds, invariants.tokens]) {
        const flaw = invariant(keeper, ctx);
        if (flaw !== undefined) throw new Error(`datanet: ${flaw}`);
      }
    },
    export: (_, ctx) => exportAll(ctx),
  },
  endBlock: settleDeadlines,
  invariants,
  cli: {
    CreateDatanet: { args: ["name", "licence"] },
    UpdateDatanet: { args: ["datanetId"] },
    Join: { args: ["datanetId"] },
    Admit: { args: ["datanetId", "member"] },
    Contribute: { args: ["datanetId"] },
    Commit: { args: ["datanetId", "hash"] },
    Reveal: { args: ["commitmentId", "salt"] },
    SetPayoutAddress: { args: ["payoutAddress"] },
    Attest: { args: ["datanetId", "number", "kind"] },
    Curate: { args: ["datanetId", "number", "approve"] },
    ScoreRecord: { args: ["datanetId", "number"] },
    ChallengeDuplicate: { args: ["datanetId", "number", "earlier"] },
    ChallengeFingerprint: { args: ["datanetId", "number"] },
    Takedown: { args: ["datanetId", "number", "reason"] },
    CounterNotice: { args: ["noticeId", "statement"] },
    DecideTakedown: { args: ["noticeId", "uphold"] },
    SealSegment: { args: ["datanetId", "last", "textRoot"] },
    ChallengeSegment: { args: ["datanetId", "segment", "number"] },
    ChallengeIndex: { args: ["datanetId", "segment"] },
    DemandOpening: { args: ["datanetId", "segment", "part", "offset"] },
    AnswerDemand: { args: ["demandId"] },
    PublishVersion: { args: ["datanetId", "name"] },
    SetEncryptionKey: { args: ["publicKey"] },
    RotateKey: { args: ["datanetId"] },
    GrantAccess: { args: ["datanetId", "grantee", "wrappedKey"] },
    RevokeAccess: { args: ["datanetId", "grantee"] },
    BuyDataTokens: { args: ["datanetId", "units", "maxPrice"] },
    SpendDataTokens: { args: ["datanetId", "units"] },
    FundSponsorship: { args: ["datanetId", "amount"] },
    WithdrawSponsorship: { args: ["datanetId", "amount"] },
    Invite: { args: ["datanetId", "newcomer"] },
    Datanet: { args: ["datanetId"] },
    DatanetByName: { args: ["name"] },
    Record: { args: ["datanetId", "number"] },
    Records: { args: ["datanetId"] },
    RecordByHash: { args: ["datanetId", "contentHash"] },
    Member: { args: ["datanetId", "address"] },
    Members: { args: ["datanetId"] },
    PayoutAddress: { args: ["contributor"] },
    InclusionProof: { args: ["datanetId", "number"] },
    Accumulator: { args: ["datanetId"] },
    Fingerprint: { args: ["datanetId", "number"] },
    Novelty: { args: ["datanetId", "fingerprint"] },
    Scorecard: { args: ["datanetId", "number"] },
    Scores: { args: ["datanetId", "number"] },
    Attestations: { args: ["datanetId", "number"] },
    CurationVotes: { args: ["datanetId", "number"] },
    Commitment: { args: ["commitmentId"] },
    Notice: { args: ["noticeId"] },
    Notices: { args: ["datanetId"] },
    Segment: { args: ["datanetId", "index"] },
    Segments: { args: ["datanetId"] },
    Demand: { args: ["demandId"] },
    Demands: { args: ["datanetId", "segment"] },
    Placement: { args: ["datanetId", "number"] },
    Version: { args: ["datanetId", "version"] },
    Versions: { args: ["datanetId"] },
    InVersion: { args: ["datanetId", "version", "number"] },
    EncryptionKey: { args: ["account"] },
    AccessGrants: { args: ["datanetId"] },
    AccessGrantsOf: { args: ["datanetId", "grantee"] },
    TokenSupply: { args: ["datanetId"] },
    Access: { args: ["datanetId", "holder"] },
    Accesses: { args: ["datanetId"] },
    Sponsorship: { args: ["datanetId"] },
    Newcomers: { args: ["datanetId"] },
  },
});
