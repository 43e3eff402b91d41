// Generated from the .proto files by `npm run gen`. Do not edit: change those and run it again.

/** Where a proposal stands. */
export const V1ProposalStatus = {
  PROPOSAL_STATUS_UNSPECIFIED: 0,
  /** Waits for deposits. */
  PROPOSAL_STATUS_DEPOSIT_PERIOD: 1,
  /** Is voted on. */
  PROPOSAL_STATUS_VOTING_PERIOD: 2,
  /** Passed, and its messages ran. */
  PROPOSAL_STATUS_PASSED: 3,
  PROPOSAL_STATUS_REJECTED: 4,
  /** Passed, but a message failed; none of them took effect. */
  PROPOSAL_STATUS_FAILED: 5,
} as const;

/** What a voter can say. */
export const V1VoteOption = {
  VOTE_OPTION_UNSPECIFIED: 0,
  VOTE_OPTION_YES: 1,
  /** Counts towards the quorum and neither for nor against. */
  VOTE_OPTION_ABSTAIN: 2,
  VOTE_OPTION_NO: 3,
  /** Against, and the deposit should be lost. */
  VOTE_OPTION_NO_WITH_VETO: 4,
} as const;

/** Where a proposal stands; as in v1. */
export const V1beta1ProposalStatus = {
  PROPOSAL_STATUS_UNSPECIFIED: 0,
  PROPOSAL_STATUS_DEPOSIT_PERIOD: 1,
  PROPOSAL_STATUS_VOTING_PERIOD: 2,
  PROPOSAL_STATUS_PASSED: 3,
  PROPOSAL_STATUS_REJECTED: 4,
  PROPOSAL_STATUS_FAILED: 5,
} as const;

/** What a voter can say; as in v1. */
export const V1beta1VoteOption = {
  VOTE_OPTION_UNSPECIFIED: 0,
  VOTE_OPTION_YES: 1,
  VOTE_OPTION_ABSTAIN: 2,
  VOTE_OPTION_NO: 3,
  VOTE_OPTION_NO_WITH_VETO: 4,
} as const;

/** A hash function. */
export const HashOp = {
  NO_HASH: 0,
  SHA256: 1,
  SHA512: 2,
  KECCAK256: 3,
  RIPEMD160: 4,
  /** RIPEMD-160 of SHA-256. */
  BITCOIN: 5,
  SHA512_256: 6,
  BLAKE2B_512: 7,
  BLAKE2S_256: 8,
  BLAKE3: 9,
} as const;

/** How a length is written before keys and values. */
export const LengthOp = {
  NO_PREFIX: 0,
  /** An unsigned varint. */
  VAR_PROTO: 1,
  VAR_RLP: 2,
  FIXED32_BIG: 3,
  FIXED32_LITTLE: 4,
  FIXED64_BIG: 5,
  FIXED64_LITTLE: 6,
  /** No length, but exactly 32 bytes. */
  REQUIRE_32_BYTES: 7,
  /** No length, but exactly 64 bytes. */
  REQUIRE_64_BYTES: 8,
} as const;

/** What a StakeAuthorization allows. */
export const AuthorizationType = {
  AUTHORIZATION_TYPE_UNSPECIFIED: 0,
  AUTHORIZATION_TYPE_DELEGATE: 1,
  AUTHORIZATION_TYPE_UNDELEGATE: 2,
  AUTHORIZATION_TYPE_REDELEGATE: 3,
  AUTHORIZATION_TYPE_CANCEL_UNBONDING_DELEGATION: 4,
} as const;

/** Where a validator stands. */
export const BondStatus = {
  BOND_STATUS_UNSPECIFIED: 0,
  /** Outside the set. */
  BOND_STATUS_UNBONDED: 1,
  /** Leaving the set: its stake is still bound. */
  BOND_STATUS_UNBONDING: 2,
  /** In the set. */
  BOND_STATUS_BONDED: 3,
} as const;

/** A validator's fault. */
export const Infraction = {
  INFRACTION_UNSPECIFIED: 0,
  /** It signed two blocks of one height. */
  INFRACTION_DOUBLE_SIGN: 1,
  /** It missed too many blocks. */
  INFRACTION_DOWNTIME: 2,
} as const;

/** What is signed. */
export const SignMode = {
  SIGN_MODE_UNSPECIFIED: 0,
  /** The bytes of a SignDoc. */
  SIGN_MODE_DIRECT: 1,
  /** A human-readable rendering. */
  SIGN_MODE_TEXTUAL: 2,
  /** A SignDocDirectAux: the body without the fee. */
  SIGN_MODE_DIRECT_AUX: 3,
  /** Amino JSON, which hardware wallets show. */
  SIGN_MODE_LEGACY_AMINO_JSON: 127,
  /** Ethereum's personal_sign; not supported. */
  SIGN_MODE_EIP_191: 191,
} as const;

/** What to wait for. */
export const BroadcastMode = {
  BROADCAST_MODE_UNSPECIFIED: 0,
  /** No longer served. */
  BROADCAST_MODE_BLOCK: 1,
  /** Until the mempool has checked it. */
  BROADCAST_MODE_SYNC: 2,
  /** For nothing. */
  BROADCAST_MODE_ASYNC: 3,
} as const;

/** In which order transactions are listed. */
export const OrderBy = {
  /** The same as ascending. */
  ORDER_BY_UNSPECIFIED: 0,
  ORDER_BY_ASC: 1,
  ORDER_BY_DESC: 2,
} as const;

/** Whether a transaction is checked for the first time. */
export const CheckTxType = {
  NEW: 0,
  RECHECK: 1,
} as const;

/** Kinds of fault. */
export const MisbehaviorType = {
  UNKNOWN: 0,
  DUPLICATE_VOTE: 1,
  LIGHT_CLIENT_ATTACK: 2,
} as const;

/** What became of a chunk. */
export const ResponseApplySnapshotChunkResult = {
  UNKNOWN: 0,
  ACCEPT: 1,
  ABORT: 2,
  RETRY: 3,
  RETRY_SNAPSHOT: 4,
  REJECT_SNAPSHOT: 5,
} as const;

/** Whether the snapshot is wanted. */
export const ResponseOfferSnapshotResult = {
  UNKNOWN: 0,
  ACCEPT: 1,
  /** Stop looking for snapshots. */
  ABORT: 2,
  /** Not this one. */
  REJECT: 3,
  /** None of this format. */
  REJECT_FORMAT: 4,
  /** None of this sender's. */
  REJECT_SENDER: 5,
} as const;

/** Whether a block is acceptable. */
export const ResponseProcessProposalProposalStatus = {
  UNKNOWN: 0,
  ACCEPT: 1,
  REJECT: 2,
} as const;

/** Whether a vote extension is acceptable. */
export const ResponseVerifyVoteExtensionVerifyStatus = {
  UNKNOWN: 0,
  ACCEPT: 1,
  /** The vote is dropped: this can stop a chain. */
  REJECT: 2,
} as const;

/** Why a remote signer failed. */
export const Errors = {
  ERRORS_UNKNOWN: 0,
  ERRORS_UNEXPECTED_RESPONSE: 1,
  ERRORS_NO_CONNECTION: 2,
  ERRORS_CONNECTION_TIMEOUT: 3,
  ERRORS_READ_TIMEOUT: 4,
  ERRORS_WRITE_TIMEOUT: 5,
} as const;

/** What a validator's signature in a commit is for. */
export const BlockIDFlag = {
  BLOCK_ID_FLAG_UNKNOWN: 0,
  /** No vote was seen. */
  BLOCK_ID_FLAG_ABSENT: 1,
  /** The block that was decided. */
  BLOCK_ID_FLAG_COMMIT: 2,
  /** No block. */
  BLOCK_ID_FLAG_NIL: 3,
} as const;

/** What a validator signs. */
export const SignedMsgType = {
  SIGNED_MSG_TYPE_UNKNOWN: 0,
  SIGNED_MSG_TYPE_PREVOTE: 1,
  SIGNED_MSG_TYPE_PRECOMMIT: 2,
  SIGNED_MSG_TYPE_PROPOSAL: 32,
} as const;

/** BatchPart names what a challenge asks the host to open. */
export const BatchPart = {
  /** BATCH_PART_UNSPECIFIED is refused. */
  BATCH_PART_UNSPECIFIED: 0,
  /** BATCH_PART_SHARE is a share with the texts it rests on. */
  BATCH_PART_SHARE: 1,
  /** BATCH_PART_PAYEE is a payee. */
  BATCH_PART_PAYEE: 2,
  /** BATCH_PART_ENTRY is an entry of a payee. */
  BATCH_PART_ENTRY: 3,
  /** BATCH_PART_COMMONNESS is a share whose match, a challenger says, stands in too many records. */
  BATCH_PART_COMMONNESS: 4,
} as const;

/** BatchStatus is where a batch stands. */
export const BatchStatus = {
  /** BATCH_STATUS_UNSPECIFIED is never stored. */
  BATCH_STATUS_UNSPECIFIED: 0,
  /** BATCH_STATUS_OPEN means that it can be challenged. */
  BATCH_STATUS_OPEN: 1,
  /** BATCH_STATUS_FINAL means that no challenge succeeded in time: payees may claim. */
  BATCH_STATUS_FINAL: 2,
  /** BATCH_STATUS_REJECTED means that a challenge succeeded: the bond was slashed and the uses wait for another batch. */
  BATCH_STATUS_REJECTED: 3,
  /** BATCH_STATUS_SWEPT means that the time to claim has ended and what was left went to the datanets. */
  BATCH_STATUS_SWEPT: 4,
} as const;

/** ProofType says by what the proved part of a use is divided. */
export const ProofType = {
  /** PROOF_TYPE_UNSPECIFIED stands for the kind's own in messages; it is never stored. */
  PROOF_TYPE_UNSPECIFIED: 0,
  /** PROOF_TYPE_SPAN pays the records in which stretches of the output stand. */
  PROOF_TYPE_SPAN: 1,
  /** PROOF_TYPE_BM25 pays the passages that score best for the query by integer BM25. */
  PROOF_TYPE_BM25: 2,
  /** PROOF_TYPE_KNN pays the nearest examples by their exact Shapley value for the answer. */
  PROOF_TYPE_KNN: 3,
  /** PROOF_TYPE_NONE is of uses without an output, training and access. */
  PROOF_TYPE_NONE: 4,
} as const;

/** ShareKind says what a share of a use's proved part rests on. */
export const ShareKind = {
  /** SHARE_KIND_UNSPECIFIED is never valid. */
  SHARE_KIND_UNSPECIFIED: 0,
  /** SHARE_KIND_UNMATCHED is a stretch of the output that stands in no record, or the end of a list; it pays the lineage. */
  SHARE_KIND_UNMATCHED: 1,
  /** SHARE_KIND_SPAN is a stretch whose longest covering match stands in a record; it pays the record's contributor. */
  SHARE_KIND_SPAN: 2,
  /** SHARE_KIND_COMMON is a stretch whose longest covering match stands in too many records; it pays the lineage. */
  SHARE_KIND_COMMON: 3,
  /** SHARE_KIND_PASSAGE is one rank of the passages that score best for a query; it pays the record's contributor. */
  SHARE_KIND_PASSAGE: 4,
  /** SHARE_KIND_NEIGHBOUR is one rank of the examples nearest to a query; it pays the record's contributor. */
  SHARE_KIND_NEIGHBOUR: 5,
} as const;

/** UseKind says what is paid for. */
export const UseKind = {
  /** USE_KIND_UNSPECIFIED stands for inference in messages; it is never stored. */
  USE_KIND_UNSPECIFIED: 0,
  /** USE_KIND_INFERENCE is an answer of a model. */
  USE_KIND_INFERENCE: 1,
  /** USE_KIND_TRAINING is training on a datanet version; all of the data share goes to the version's contributors. */
  USE_KIND_TRAINING: 2,
  /** USE_KIND_ACCESS is reading a datanet version; all of the data share goes to the version's contributors, and each unit is one licensed access. */
  USE_KIND_ACCESS: 3,
  /** USE_KIND_RETRIEVAL is finding passages for a query; the passages' contributors are paid by their scores. */
  USE_KIND_RETRIEVAL: 4,
} as const;

/** UseStatus is where a use stands. */
export const UseStatus = {
  /** USE_STATUS_UNSPECIFIED is never stored. */
  USE_STATUS_UNSPECIFIED: 0,
  /** USE_STATUS_OPEN means that the fee is escrowed and the output awaited. */
  USE_STATUS_OPEN: 1,
  /** USE_STATUS_SETTLED means that the fee was split. */
  USE_STATUS_SETTLED: 2,
  /** USE_STATUS_CANCELLED means that the fee was given back. */
  USE_STATUS_CANCELLED: 3,
  /** USE_STATUS_ACKNOWLEDGED means that user and host signed for the output and the charge awaits a batch. */
  USE_STATUS_ACKNOWLEDGED: 4,
  /** USE_STATUS_BATCHED means that a batch settles it. */
  USE_STATUS_BATCHED: 5,
  /** USE_STATUS_DEFAULTED means that no batch came in time: the host's part went back to the user, the data's to the lineage. */
  USE_STATUS_DEFAULTED: 6,
  /** USE_STATUS_PAID means that a use of a datanet was paid at once. */
  USE_STATUS_PAID: 7,
} as const;

/** Admission says who may join a datanet. */
export const Admission = {
  /** ADMISSION_UNSPECIFIED is refused in messages. */
  ADMISSION_UNSPECIFIED: 0,
  /** ADMISSION_OPEN lets every account join by itself. */
  ADMISSION_OPEN: 1,
  /** ADMISSION_CURATED lets only the owner and the curators admit accounts. */
  ADMISSION_CURATED: 2,
} as const;

/** AttestationKind says what an attestation says. */
export const AttestationKind = {
  /** ATTESTATION_KIND_UNSPECIFIED is refused in messages. */
  ATTESTATION_KIND_UNSPECIFIED: 0,
  /** ATTESTATION_KIND_RIGHTS says that the attestor made the text, or holds the rights to license it so. */
  ATTESTATION_KIND_RIGHTS: 1,
  /** ATTESTATION_KIND_CONTENT says that the attestor read the text and found hash, length, root and fingerprint to be its own. */
  ATTESTATION_KIND_CONTENT: 2,
} as const;

/** DedupeRule says which likenesses a version leaves out. */
export const DedupeRule = {
  /** DEDUPE_RULE_UNSPECIFIED means exact. */
  DEDUPE_RULE_UNSPECIFIED: 0,
  /** DEDUPE_RULE_EXACT holds every text once, as every datanet does. */
  DEDUPE_RULE_EXACT: 1,
  /** DEDUPE_RULE_NOVELTY holds only records of at least min_novelty_ppm. */
  DEDUPE_RULE_NOVELTY: 2,
} as const;

/** NoticeStatus says where a takedown notice stands. */
export const NoticeStatus = {
  /** NOTICE_STATUS_UNSPECIFIED is never stored. */
  NOTICE_STATUS_UNSPECIFIED: 0,
  /** NOTICE_STATUS_OPEN waits for the contributor, and when its deadline is over for the arbiters too; the record is suspended. */
  NOTICE_STATUS_OPEN: 1,
  /** NOTICE_STATUS_COUNTERED was answered; the record earns again until the owner and curators have decided. */
  NOTICE_STATUS_COUNTERED: 2,
  /** NOTICE_STATUS_UPHELD removed the record. */
  NOTICE_STATUS_UPHELD: 3,
  /** NOTICE_STATUS_DISMISSED left the record; the claimant's bond went to the contributor. */
  NOTICE_STATUS_DISMISSED: 4,
} as const;

/** RecordStatus says what became of a record. Only pending and final records earn. */
export const RecordStatus = {
  /** RECORD_STATUS_UNSPECIFIED is never stored. */
  RECORD_STATUS_UNSPECIFIED: 0,
  /** RECORD_STATUS_PENDING is accepted and bonded; its challenge window is open. */
  RECORD_STATUS_PENDING: 1,
  /** RECORD_STATUS_FINAL has outlived its window; its bond was given back. */
  RECORD_STATUS_FINAL: 2,
  /** RECORD_STATUS_DUPLICATE was struck as a near-copy of an earlier record. */
  RECORD_STATUS_DUPLICATE: 3,
  /** RECORD_STATUS_MISDECLARED was struck because its fingerprint is not its text's. */
  RECORD_STATUS_MISDECLARED: 4,
  /** RECORD_STATUS_REJECTED was voted out by the owner and curators. */
  RECORD_STATUS_REJECTED: 5,
  /** RECORD_STATUS_SUSPENDED is under a takedown notice that its contributor has not answered. */
  RECORD_STATUS_SUSPENDED: 6,
  /** RECORD_STATUS_REMOVED was taken down. Its text is nobody's to record again in the datanet. */
  RECORD_STATUS_REMOVED: 7,
  /** RECORD_STATUS_WITHHELD was struck because nobody showed a byte of its text that was demanded. */
  RECORD_STATUS_WITHHELD: 8,
} as const;

/** SegmentPart says what is to be shown: a part of a segment, or a record. */
export const SegmentPart = {
  /** SEGMENT_PART_UNSPECIFIED is refused in messages. */
  SEGMENT_PART_UNSPECIFIED: 0,
  /** SEGMENT_PART_TEXT is its text. */
  SEGMENT_PART_TEXT: 1,
  /** SEGMENT_PART_INDEX is its suffix array. */
  SEGMENT_PART_INDEX: 2,
  /** SEGMENT_PART_RECORD is no part of a segment but a record's own text. */
  SEGMENT_PART_RECORD: 3,
} as const;

/** SegmentStatus says what became of a segment. */
export const SegmentStatus = {
  /** SEGMENT_STATUS_UNSPECIFIED is never stored. */
  SEGMENT_STATUS_UNSPECIFIED: 0,
  /** SEGMENT_STATUS_SEALED is open to challenge. */
  SEGMENT_STATUS_SEALED: 1,
  /** SEGMENT_STATUS_FINAL has outlived its window. */
  SEGMENT_STATUS_FINAL: 2,
  /** SEGMENT_STATUS_STRUCK was shown to be false. */
  SEGMENT_STATUS_STRUCK: 3,
} as const;

/** CurveKind is how a curve prices a model's shares. */
export const CurveKind = {
  /** CURVE_KIND_UNSPECIFIED is refused. */
  CURVE_KIND_UNSPECIFIED: 0,
  /** CURVE_KIND_LINEAR asks base + slope * supply for the next share, for ever. */
  CURVE_KIND_LINEAR: 1,
  /** CURVE_KIND_VIRTUAL_RESERVE keeps (virtual_reserve + reserve) * (virtual_shares - supply), until sale_shares are sold and a pool opens. */
  CURVE_KIND_VIRTUAL_RESERVE: 2,
} as const;

/** MilestoneStatus is where a milestone stands. */
export const MilestoneStatus = {
  /** MILESTONE_STATUS_OPEN means that it can be vetoed. */
  MILESTONE_STATUS_OPEN: 0,
  /** MILESTONE_STATUS_RELEASED means that its amount was paid to the owner. */
  MILESTONE_STATUS_RELEASED: 1,
  /** MILESTONE_STATUS_VETOED means that backers stopped it, or the model was retired; its amount stayed in the escrow. */
  MILESTONE_STATUS_VETOED: 2,
} as const;

/** ModelStatus is where a model stands. */
export const ModelStatus = {
  /** MODEL_STATUS_ACTIVE means that the model can be used and backed. */
  MODEL_STATUS_ACTIVE: 0,
  /** MODEL_STATUS_RETIRED means that nothing new begins; what is owed can still be claimed. */
  MODEL_STATUS_RETIRED: 1,
} as const;

/** Offence is what an operator of models can be punished for. */
export const Offence = {
  /** OFFENCE_UNSPECIFIED is refused. */
  OFFENCE_UNSPECIFIED: 0,
  /** OFFENCE_UNDER_REPORTING is settling a use for less than its receipt shows, or not at all while a signed receipt is out. */
  OFFENCE_UNDER_REPORTING: 1,
  /** OFFENCE_FALSE_BATCH is posting a batch of payouts that lost a challenge. */
  OFFENCE_FALSE_BATCH: 2,
  /** OFFENCE_LINEAGE_OMISSION is declaring a lineage without a datanet whose records stand in the model's outputs. */
  OFFENCE_LINEAGE_OMISSION: 3,
  /** OFFENCE_WITHHOLDING is not answering a challenge for data in time. */
  OFFENCE_WITHHOLDING: 4,
} as const;

/** The numbers of every enum's values, by the enum's full name. */
export const Enums = {
  "cosmos.gov.v1.ProposalStatus": V1ProposalStatus,
  "cosmos.gov.v1.VoteOption": V1VoteOption,
  "cosmos.gov.v1beta1.ProposalStatus": V1beta1ProposalStatus,
  "cosmos.gov.v1beta1.VoteOption": V1beta1VoteOption,
  "cosmos.ics23.v1.HashOp": HashOp,
  "cosmos.ics23.v1.LengthOp": LengthOp,
  "cosmos.staking.v1beta1.AuthorizationType": AuthorizationType,
  "cosmos.staking.v1beta1.BondStatus": BondStatus,
  "cosmos.staking.v1beta1.Infraction": Infraction,
  "cosmos.tx.signing.v1beta1.SignMode": SignMode,
  "cosmos.tx.v1beta1.BroadcastMode": BroadcastMode,
  "cosmos.tx.v1beta1.OrderBy": OrderBy,
  "tendermint.abci.CheckTxType": CheckTxType,
  "tendermint.abci.MisbehaviorType": MisbehaviorType,
  "tendermint.abci.ResponseApplySnapshotChunk.Result": ResponseApplySnapshotChunkResult,
  "tendermint.abci.ResponseOfferSnapshot.Result": ResponseOfferSnapshotResult,
  "tendermint.abci.ResponseProcessProposal.ProposalStatus": ResponseProcessProposalProposalStatus,
  "tendermint.abci.ResponseVerifyVoteExtension.VerifyStatus": ResponseVerifyVoteExtensionVerifyStatus,
  "tendermint.privval.Errors": Errors,
  "tendermint.types.BlockIDFlag": BlockIDFlag,
  "tendermint.types.SignedMsgType": SignedMsgType,
  "tributary.attribution.v1.BatchPart": BatchPart,
  "tributary.attribution.v1.BatchStatus": BatchStatus,
  "tributary.attribution.v1.ProofType": ProofType,
  "tributary.attribution.v1.ShareKind": ShareKind,
  "tributary.attribution.v1.UseKind": UseKind,
  "tributary.attribution.v1.UseStatus": UseStatus,
  "tributary.datanet.v1.Admission": Admission,
  "tributary.datanet.v1.AttestationKind": AttestationKind,
  "tributary.datanet.v1.DedupeRule": DedupeRule,
  "tributary.datanet.v1.NoticeStatus": NoticeStatus,
  "tributary.datanet.v1.RecordStatus": RecordStatus,
  "tributary.datanet.v1.SegmentPart": SegmentPart,
  "tributary.datanet.v1.SegmentStatus": SegmentStatus,
  "tributary.model.v1.CurveKind": CurveKind,
  "tributary.model.v1.MilestoneStatus": MilestoneStatus,
  "tributary.model.v1.ModelStatus": ModelStatus,
  "tributary.model.v1.Offence": Offence,
} as const;
