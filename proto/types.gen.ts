// Generated from the .proto files by `npm run gen`. Do not edit: change those and run it again.

/** The shape of every message when it is decoded, by full name. */
export interface Messages {
  /** An address's bytes. */
  "cosmos.auth.v1beta1.AddressBytesToStringRequest": {
    readonly addressBytes: Uint8Array;
  };
  /** An address's text. */
  "cosmos.auth.v1beta1.AddressBytesToStringResponse": {
    readonly addressString: string;
  };
  /** An address's text. */
  "cosmos.auth.v1beta1.AddressStringToBytesRequest": {
    readonly addressString: string;
  };
  /** An address's bytes. */
  "cosmos.auth.v1beta1.AddressStringToBytesResponse": {
    readonly addressBytes: Uint8Array;
  };
  /** An account that signs with a key. */
  "cosmos.auth.v1beta1.BaseAccount": {
    readonly address: string;
    /** Known from the account's first transaction on. */
    readonly pubKey: Messages["google.protobuf.Any"] | undefined;
    readonly accountNumber: bigint;
    /** How many transactions it has signed. */
    readonly sequence: bigint;
  };
  /** Asks for the address prefix. */
  "cosmos.auth.v1beta1.Bech32PrefixRequest": {};
  /** The address prefix. */
  "cosmos.auth.v1beta1.Bech32PrefixResponse": {
    readonly bech32Prefix: string;
  };
  /** The module's state at genesis. */
  "cosmos.auth.v1beta1.GenesisState": {
    readonly params: Messages["cosmos.auth.v1beta1.Params"];
    readonly accounts: readonly Messages["google.protobuf.Any"][];
  };
  /** An account that belongs to a module and that nobody can sign for. */
  "cosmos.auth.v1beta1.ModuleAccount": {
    readonly baseAccount: Messages["cosmos.auth.v1beta1.BaseAccount"] | undefined;
    readonly name: string;
    /** What the module may do with coins: minter, burner, staking. */
    readonly permissions: readonly string[];
  };
  /** A key that nobody holds, for addresses derived from a module. */
  "cosmos.auth.v1beta1.ModuleCredential": {
    readonly moduleName: string;
    /** What the address is derived from, in order. */
    readonly derivationKeys: readonly Uint8Array[];
  };
  /** Changes the module's parameters; all of them must be given. */
  "cosmos.auth.v1beta1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly params: Messages["cosmos.auth.v1beta1.Params"];
  };
  /** Nothing. */
  "cosmos.auth.v1beta1.MsgUpdateParamsResponse": {};
  /** The rules transactions are checked by. */
  "cosmos.auth.v1beta1.Params": {
    readonly maxMemoCharacters: bigint;
    /** The most signatures a transaction may carry, a multisig's members counted. */
    readonly txSigLimit: bigint;
    readonly txSizeCostPerByte: bigint;
    readonly sigVerifyCostEd25519: bigint;
    readonly sigVerifyCostSecp256k1: bigint;
  };
  /** Asks for the address of an account number. */
  "cosmos.auth.v1beta1.QueryAccountAddressByIDRequest": {
    readonly id: bigint;
    /** The account number. */
    readonly accountId: bigint;
  };
  /** The address of an account number. */
  "cosmos.auth.v1beta1.QueryAccountAddressByIDResponse": {
    readonly accountAddress: string;
  };
  /** Asks for an account's common part. */
  "cosmos.auth.v1beta1.QueryAccountInfoRequest": {
    readonly address: string;
  };
  /** An account's common part. */
  "cosmos.auth.v1beta1.QueryAccountInfoResponse": {
    readonly info: Messages["cosmos.auth.v1beta1.BaseAccount"] | undefined;
  };
  /** Asks for one account. */
  "cosmos.auth.v1beta1.QueryAccountRequest": {
    readonly address: string;
  };
  /** One account. */
  "cosmos.auth.v1beta1.QueryAccountResponse": {
    readonly account: Messages["google.protobuf.Any"] | undefined;
  };
  /** Asks for all accounts. */
  "cosmos.auth.v1beta1.QueryAccountsRequest": {
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** One page of accounts. */
  "cosmos.auth.v1beta1.QueryAccountsResponse": {
    readonly accounts: readonly Messages["google.protobuf.Any"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for one module's account. */
  "cosmos.auth.v1beta1.QueryModuleAccountByNameRequest": {
    readonly name: string;
  };
  /** One module's account. */
  "cosmos.auth.v1beta1.QueryModuleAccountByNameResponse": {
    readonly account: Messages["google.protobuf.Any"] | undefined;
  };
  /** Asks for the modules' accounts. */
  "cosmos.auth.v1beta1.QueryModuleAccountsRequest": {};
  /** The modules' accounts. */
  "cosmos.auth.v1beta1.QueryModuleAccountsResponse": {
    readonly accounts: readonly Messages["google.protobuf.Any"][];
  };
  /** Asks for the module's parameters. */
  "cosmos.auth.v1beta1.QueryParamsRequest": {};
  /** The module's parameters. */
  "cosmos.auth.v1beta1.QueryParamsResponse": {
    readonly params: Messages["cosmos.auth.v1beta1.Params"];
  };
  /** An authorization was given. */
  "cosmos.authz.v1beta1.EventGrant": {
    readonly msgTypeUrl: string;
    readonly granter: string;
    readonly grantee: string;
  };
  /** An authorization was taken back or used up. */
  "cosmos.authz.v1beta1.EventRevoke": {
    readonly msgTypeUrl: string;
    readonly granter: string;
    readonly grantee: string;
  };
  /** A grant to run any message of one type for another account. */
  "cosmos.authz.v1beta1.GenericAuthorization": {
    /** The type URL of the message, such as /cosmos.gov.v1.MsgVote. */
    readonly msg: string;
  };
  /** The module's state at genesis. */
  "cosmos.authz.v1beta1.GenesisState": {
    readonly authorization: readonly Messages["cosmos.authz.v1beta1.GrantAuthorization"][];
  };
  /** An authorization and its end. */
  "cosmos.authz.v1beta1.Grant": {
    readonly authorization: Messages["google.protobuf.Any"] | undefined;
    /** When it ends; absent for never. */
    readonly expiration: Messages["google.protobuf.Timestamp"] | undefined;
  };
  /** An authorization with who gives it and who has it. */
  "cosmos.authz.v1beta1.GrantAuthorization": {
    readonly granter: string;
    readonly grantee: string;
    readonly authorization: Messages["google.protobuf.Any"] | undefined;
    /** When it ends; absent for never. */
    readonly expiration: Messages["google.protobuf.Timestamp"] | undefined;
  };
  /** The message types of the grants between two accounts that end at one time. */
  "cosmos.authz.v1beta1.GrantQueueItem": {
    readonly msgTypeUrls: readonly string[];
  };
  /** Runs messages whose signers let the grantee. */
  "cosmos.authz.v1beta1.MsgExec": {
    /** Who runs them. */
    readonly grantee: string;
    /** The messages, each with one signer. */
    readonly msgs: readonly Messages["google.protobuf.Any"][];
  };
  /** What the messages answered. */
  "cosmos.authz.v1beta1.MsgExecResponse": {
    readonly results: readonly Uint8Array[];
  };
  /** Lets the grantee run messages of one type for the granter. An authorization for the same type is replaced. */
  "cosmos.authz.v1beta1.MsgGrant": {
    /** For whom the messages run. */
    readonly granter: string;
    /** Who may run them. */
    readonly grantee: string;
    /** Which messages, and until when: a generic, send or stake authorization. */
    readonly grant: Messages["cosmos.authz.v1beta1.Grant"];
  };
  /** Nothing. */
  "cosmos.authz.v1beta1.MsgGrantResponse": {};
  /** Takes an authorization back. */
  "cosmos.authz.v1beta1.MsgRevoke": {
    /** For whom the messages ran. */
    readonly granter: string;
    /** Who could run them. */
    readonly grantee: string;
    /** The message's type URL, such as /cosmos.bank.v1beta1.MsgSend. */
    readonly msgTypeUrl: string;
  };
  /** Nothing. */
  "cosmos.authz.v1beta1.MsgRevokeResponse": {};
  /** Whose. */
  "cosmos.authz.v1beta1.QueryGranteeGrantsRequest": {
    readonly grantee: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The authorizations of one account. */
  "cosmos.authz.v1beta1.QueryGranteeGrantsResponse": {
    readonly grants: readonly Messages["cosmos.authz.v1beta1.GrantAuthorization"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Whose. */
  "cosmos.authz.v1beta1.QueryGranterGrantsRequest": {
    readonly granter: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The authorizations from one account. */
  "cosmos.authz.v1beta1.QueryGranterGrantsResponse": {
    readonly grants: readonly Messages["cosmos.authz.v1beta1.GrantAuthorization"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Between whom, and for which message. */
  "cosmos.authz.v1beta1.QueryGrantsRequest": {
    readonly granter: string;
    readonly grantee: string;
    /** The message's type URL; empty for all. */
    readonly msgTypeUrl: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The authorizations. */
  "cosmos.authz.v1beta1.QueryGrantsResponse": {
    readonly grants: readonly Messages["cosmos.authz.v1beta1.Grant"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** What one account holds at genesis. */
  "cosmos.bank.v1beta1.Balance": {
    readonly address: string;
    readonly coins: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** One account that holds a denomination. */
  "cosmos.bank.v1beta1.DenomOwner": {
    readonly address: string;
    readonly balance: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** A unit of a denomination: 10^exponent of its base unit. */
  "cosmos.bank.v1beta1.DenomUnit": {
    readonly denom: string;
    readonly exponent: number;
    /** Other names for the unit. */
    readonly aliases: readonly string[];
  };
  /** The module's state at genesis. */
  "cosmos.bank.v1beta1.GenesisState": {
    readonly params: Messages["cosmos.bank.v1beta1.Params"];
    readonly balances: readonly Messages["cosmos.bank.v1beta1.Balance"][];
    /** The total of all balances; empty to have it summed. */
    readonly supply: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly denomMetadata: readonly Messages["cosmos.bank.v1beta1.Metadata"][];
    readonly sendEnabled: readonly Messages["cosmos.bank.v1beta1.SendEnabled"][];
  };
  /** What one account pays in a MsgMultiSend. */
  "cosmos.bank.v1beta1.Input": {
    readonly address: string;
    readonly coins: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** How a denomination is shown to people. */
  "cosmos.bank.v1beta1.Metadata": {
    readonly description: string;
    /** The denomination's units, the base unit first. */
    readonly denomUnits: readonly Messages["cosmos.bank.v1beta1.DenomUnit"][];
    /** The unit in which amounts are kept. */
    readonly base: string;
    /** The unit shown by default. */
    readonly display: string;
    readonly name: string;
    readonly symbol: string;
    /** Where a document about it lies. */
    readonly uri: string;
    /** The SHA-256 of that document, hex. */
    readonly uriHash: string;
  };
  /** Sends coins from one account to several. There is one input; the outputs sum to it. */
  "cosmos.bank.v1beta1.MsgMultiSend": {
    readonly inputs: readonly Messages["cosmos.bank.v1beta1.Input"][];
    readonly outputs: readonly Messages["cosmos.bank.v1beta1.Output"][];
  };
  /** Nothing. */
  "cosmos.bank.v1beta1.MsgMultiSendResponse": {};
  /** Sends coins from one account to another. */
  "cosmos.bank.v1beta1.MsgSend": {
    /** Who pays. */
    readonly fromAddress: string;
    /** Who receives. */
    readonly toAddress: string;
    /** How much, such as 10uopen. */
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Nothing. */
  "cosmos.bank.v1beta1.MsgSendResponse": {};
  /** Sets which denominations may be sent. */
  "cosmos.bank.v1beta1.MsgSetSendEnabled": {
    /** Who may set them. */
    readonly authority: string;
    /** The entries to add or change. */
    readonly sendEnabled: readonly Messages["cosmos.bank.v1beta1.SendEnabled"][];
    /** The denominations whose entries are dropped, so that the default holds. */
    readonly useDefaultFor: readonly string[];
  };
  /** Nothing. */
  "cosmos.bank.v1beta1.MsgSetSendEnabledResponse": {};
  /** Changes the module's parameters; all of them must be given. */
  "cosmos.bank.v1beta1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly params: Messages["cosmos.bank.v1beta1.Params"];
  };
  /** Nothing. */
  "cosmos.bank.v1beta1.MsgUpdateParamsResponse": {};
  /** What one account receives in a MsgMultiSend. */
  "cosmos.bank.v1beta1.Output": {
    readonly address: string;
    readonly coins: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Which denominations may be sent. */
  "cosmos.bank.v1beta1.Params": {
    /** Kept in its own store since SDK 0.47. */
    readonly sendEnabled: readonly Messages["cosmos.bank.v1beta1.SendEnabled"][];
    /** Whether a denomination without its own entry may be sent. */
    readonly defaultSendEnabled: boolean;
  };
  /** Asks for all that an account holds. */
  "cosmos.bank.v1beta1.QueryAllBalancesRequest": {
    /** Whose balances. */
    readonly address: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
    /** True: show the denominations by their display names where they have one. */
    readonly resolveDenom: boolean;
  };
  /** All that an account holds. */
  "cosmos.bank.v1beta1.QueryAllBalancesResponse": {
    readonly balances: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks how much of one denomination an account holds. */
  "cosmos.bank.v1beta1.QueryBalanceRequest": {
    /** Whose balance. */
    readonly address: string;
    /** Of which denomination. */
    readonly denom: string;
  };
  /** How much of one denomination an account holds. */
  "cosmos.bank.v1beta1.QueryBalanceResponse": {
    readonly balance: Messages["cosmos.base.v1beta1.Coin"] | undefined;
  };
  /** Asks how one denomination is shown. */
  "cosmos.bank.v1beta1.QueryDenomMetadataByQueryStringRequest": {
    readonly denom: string;
  };
  /** How one denomination is shown. */
  "cosmos.bank.v1beta1.QueryDenomMetadataByQueryStringResponse": {
    readonly metadata: Messages["cosmos.bank.v1beta1.Metadata"];
  };
  /** Asks how one denomination is shown. */
  "cosmos.bank.v1beta1.QueryDenomMetadataRequest": {
    readonly denom: string;
  };
  /** How one denomination is shown. */
  "cosmos.bank.v1beta1.QueryDenomMetadataResponse": {
    readonly metadata: Messages["cosmos.bank.v1beta1.Metadata"];
  };
  /** Asks who holds a denomination. */
  "cosmos.bank.v1beta1.QueryDenomOwnersByQueryRequest": {
    readonly denom: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Who holds a denomination. */
  "cosmos.bank.v1beta1.QueryDenomOwnersByQueryResponse": {
    readonly denomOwners: readonly Messages["cosmos.bank.v1beta1.DenomOwner"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks who holds a denomination. */
  "cosmos.bank.v1beta1.QueryDenomOwnersRequest": {
    readonly denom: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Who holds a denomination. */
  "cosmos.bank.v1beta1.QueryDenomOwnersResponse": {
    readonly denomOwners: readonly Messages["cosmos.bank.v1beta1.DenomOwner"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks how every denomination is shown. */
  "cosmos.bank.v1beta1.QueryDenomsMetadataRequest": {
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** How every denomination is shown. */
  "cosmos.bank.v1beta1.QueryDenomsMetadataResponse": {
    readonly metadatas: readonly Messages["cosmos.bank.v1beta1.Metadata"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for the module's parameters. */
  "cosmos.bank.v1beta1.QueryParamsRequest": {};
  /** The module's parameters. */
  "cosmos.bank.v1beta1.QueryParamsResponse": {
    readonly params: Messages["cosmos.bank.v1beta1.Params"];
  };
  /** Asks which denominations may be sent. */
  "cosmos.bank.v1beta1.QuerySendEnabledRequest": {
    /** Which denominations; empty for all entries. */
    readonly denoms: readonly string[];
    /** Heeded only without denoms. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Which denominations may be sent. */
  "cosmos.bank.v1beta1.QuerySendEnabledResponse": {
    readonly sendEnabled: readonly Messages["cosmos.bank.v1beta1.SendEnabled"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks how much of one denomination an account may spend. */
  "cosmos.bank.v1beta1.QuerySpendableBalanceByDenomRequest": {
    /** Whose balance. */
    readonly address: string;
    /** Of which denomination. */
    readonly denom: string;
  };
  /** How much of one denomination an account may spend. */
  "cosmos.bank.v1beta1.QuerySpendableBalanceByDenomResponse": {
    readonly balance: Messages["cosmos.base.v1beta1.Coin"] | undefined;
  };
  /** Asks for all that an account may spend. */
  "cosmos.bank.v1beta1.QuerySpendableBalancesRequest": {
    /** Whose balances. */
    readonly address: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** All that an account may spend. */
  "cosmos.bank.v1beta1.QuerySpendableBalancesResponse": {
    readonly balances: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for the supply of one denomination. */
  "cosmos.bank.v1beta1.QuerySupplyOfRequest": {
    readonly denom: string;
  };
  /** The supply of one denomination. */
  "cosmos.bank.v1beta1.QuerySupplyOfResponse": {
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** Asks for the supply of every denomination. */
  "cosmos.bank.v1beta1.QueryTotalSupplyRequest": {
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The supply of every denomination. */
  "cosmos.bank.v1beta1.QueryTotalSupplyResponse": {
    readonly supply: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** A grant to send coins for another account. */
  "cosmos.bank.v1beta1.SendAuthorization": {
    readonly spendLimit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** Who may receive them; empty for anyone. */
    readonly allowList: readonly string[];
  };
  /** Whether one denomination may be sent. */
  "cosmos.bank.v1beta1.SendEnabled": {
    readonly denom: string;
    readonly enabled: boolean;
  };
  /** The total supply as it was stored before SDK 0.43. */
  "cosmos.bank.v1beta1.Supply": {
    readonly total: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** The events of one message of a transaction. */
  "cosmos.base.abci.v1beta1.ABCIMessageLog": {
    readonly msgIndex: number;
    readonly log: string;
    readonly events: readonly Messages["cosmos.base.abci.v1beta1.StringEvent"][];
  };
  /** One attribute of an event. */
  "cosmos.base.abci.v1beta1.Attribute": {
    readonly key: string;
    readonly value: string;
  };
  /** Gas asked for and gas used. */
  "cosmos.base.abci.v1beta1.GasInfo": {
    readonly gasWanted: bigint;
    readonly gasUsed: bigint;
  };
  /** One handler's response, as it was carried before SDK 0.46. */
  "cosmos.base.abci.v1beta1.MsgData": {
    readonly msgType: string;
    readonly data: Uint8Array;
  };
  /** What running a transaction gave. */
  "cosmos.base.abci.v1beta1.Result": {
    readonly data: Uint8Array;
    readonly log: string;
    readonly events: readonly Messages["tendermint.abci.Event"][];
    /** The handlers' responses, in the order of the messages. */
    readonly msgResponses: readonly Messages["google.protobuf.Any"][];
  };
  /** One page of blocks. */
  "cosmos.base.abci.v1beta1.SearchBlocksResult": {
    readonly totalCount: bigint;
    readonly count: bigint;
    readonly pageNumber: bigint;
    readonly pageTotal: bigint;
    readonly limit: bigint;
    readonly blocks: readonly Messages["tendermint.types.Block"][];
  };
  /** One page of transactions. */
  "cosmos.base.abci.v1beta1.SearchTxsResult": {
    readonly totalCount: bigint;
    readonly count: bigint;
    readonly pageNumber: bigint;
    readonly pageTotal: bigint;
    readonly limit: bigint;
    readonly txs: readonly Messages["cosmos.base.abci.v1beta1.TxResponse"][];
  };
  /** What simulating a transaction gave. */
  "cosmos.base.abci.v1beta1.SimulationResponse": {
    readonly gasInfo: Messages["cosmos.base.abci.v1beta1.GasInfo"];
    readonly result: Messages["cosmos.base.abci.v1beta1.Result"] | undefined;
  };
  /** An event with text attributes. */
  "cosmos.base.abci.v1beta1.StringEvent": {
    readonly type: string;
    readonly attributes: readonly Messages["cosmos.base.abci.v1beta1.Attribute"][];
  };
  /** The data of a transaction's result: the handlers' responses in order. */
  "cosmos.base.abci.v1beta1.TxMsgData": {
    readonly data: readonly Messages["cosmos.base.abci.v1beta1.MsgData"][];
    readonly msgResponses: readonly Messages["google.protobuf.Any"][];
  };
  /** A transaction's fate: where it was included and what it did. */
  "cosmos.base.abci.v1beta1.TxResponse": {
    /** The height of the block that holds it. */
    readonly height: bigint;
    /** Its hash, upper-case hex. */
    readonly txhash: string;
    /** The namespace of a non-zero code. */
    readonly codespace: string;
    /** 0 when it succeeded. */
    readonly code: number;
    /** The handlers' responses (TxMsgData), upper-case hex. */
    readonly data: string;
    /** Why it failed, in words. */
    readonly rawLog: string;
    /** Events by message; empty since SDK 0.50. */
    readonly logs: readonly Messages["cosmos.base.abci.v1beta1.ABCIMessageLog"][];
    readonly info: string;
    readonly gasWanted: bigint;
    readonly gasUsed: bigint;
    /** The transaction itself. */
    readonly tx: Messages["google.protobuf.Any"] | undefined;
    /** The time of its block, RFC 3339. */
    readonly timestamp: string;
    /** What happened while it ran, fee and signature checks included. */
    readonly events: readonly Messages["tendermint.abci.Event"][];
  };
  /** Asks for the operator's settings. */
  "cosmos.base.node.v1beta1.ConfigRequest": {};
  /** The operator's settings. */
  "cosmos.base.node.v1beta1.ConfigResponse": {
    /** The least price a transaction must pay for a unit of gas. */
    readonly minimumGasPrice: string;
    /** How many past heights are kept. */
    readonly pruningKeepRecent: string;
    /** How often older heights are dropped. */
    readonly pruningInterval: string;
    /** The height at which this node stops; 0 for none. */
    readonly haltHeight: bigint;
  };
  /** Asks what this node has reached. */
  "cosmos.base.node.v1beta1.StatusRequest": {};
  /** What this node has reached. */
  "cosmos.base.node.v1beta1.StatusResponse": {
    readonly earliestStoreHeight: bigint;
    readonly height: bigint;
    readonly timestamp: Messages["google.protobuf.Timestamp"] | undefined;
    readonly appHash: Uint8Array;
    readonly validatorHash: Uint8Array;
  };
  /** Which page of a list is asked for: by key or by offset, not both. */
  "cosmos.base.query.v1beta1.PageRequest": {
    /** Where the page starts: the next_key of the page before. */
    readonly key: Uint8Array;
    /** How many results to skip; slower than a key. */
    readonly offset: bigint;
    /** The most results to return; 0 asks for the server's default. */
    readonly limit: bigint;
    /** True: also count all results. Heeded only without a key. */
    readonly countTotal: boolean;
    /** True: from the last result to the first. */
    readonly reverse: boolean;
  };
  /** Where the list goes on. */
  "cosmos.base.query.v1beta1.PageResponse": {
    /** The key that asks for the next page; empty on the last one. */
    readonly nextKey: Uint8Array;
    /** How many results there are in all, where count_total asked for it. */
    readonly total: bigint;
  };
  /** Asks for the names of all interfaces. */
  "cosmos.base.reflection.v1beta1.ListAllInterfacesRequest": {};
  /** The names of all interfaces. */
  "cosmos.base.reflection.v1beta1.ListAllInterfacesResponse": {
    readonly interfaceNames: readonly string[];
  };
  /** Asks for the messages that implement an interface. */
  "cosmos.base.reflection.v1beta1.ListImplementationsRequest": {
    /** Such as cosmos.crypto.PubKey. */
    readonly interfaceName: string;
  };
  /** The type URLs of those messages; none for an interface that nobody knows. */
  "cosmos.base.reflection.v1beta1.ListImplementationsResponse": {
    readonly implementationMessageNames: readonly string[];
  };
  /** Asks the application by store path or gRPC method. */
  "cosmos.base.tendermint.v1beta1.ABCIQueryRequest": {
    readonly data: Uint8Array;
    readonly path: string;
    readonly height: bigint;
    readonly prove: boolean;
  };
  /** The application's answer. */
  "cosmos.base.tendermint.v1beta1.ABCIQueryResponse": {
    readonly code: number;
    readonly log: string;
    readonly info: string;
    readonly index: bigint;
    readonly key: Uint8Array;
    readonly value: Uint8Array;
    readonly proofOps: Messages["cosmos.base.tendermint.v1beta1.ProofOps"] | undefined;
    readonly height: bigint;
    readonly codespace: string;
  };
  /** A block whose proposer is a bech32 address. */
  "cosmos.base.tendermint.v1beta1.Block": {
    readonly header: Messages["cosmos.base.tendermint.v1beta1.Header"];
    readonly data: Messages["tendermint.types.Data"];
    readonly evidence: Messages["tendermint.types.EvidenceList"];
    readonly lastCommit: Messages["tendermint.types.Commit"] | undefined;
  };
  /** Asks for the block of one height. */
  "cosmos.base.tendermint.v1beta1.GetBlockByHeightRequest": {
    readonly height: bigint;
  };
  /** The block of one height. */
  "cosmos.base.tendermint.v1beta1.GetBlockByHeightResponse": {
    readonly blockId: Messages["tendermint.types.BlockID"] | undefined;
    /** The block with the proposer as bytes; sdk_block has it as bech32. */
    readonly block: Messages["tendermint.types.Block"] | undefined;
    readonly sdkBlock: Messages["cosmos.base.tendermint.v1beta1.Block"] | undefined;
  };
  /** Asks for the newest block. */
  "cosmos.base.tendermint.v1beta1.GetLatestBlockRequest": {};
  /** The newest block. */
  "cosmos.base.tendermint.v1beta1.GetLatestBlockResponse": {
    readonly blockId: Messages["tendermint.types.BlockID"] | undefined;
    /** The block with the proposer as bytes; sdk_block has it as bech32. */
    readonly block: Messages["tendermint.types.Block"] | undefined;
    readonly sdkBlock: Messages["cosmos.base.tendermint.v1beta1.Block"] | undefined;
  };
  /** Asks for the newest validator set. */
  "cosmos.base.tendermint.v1beta1.GetLatestValidatorSetRequest": {
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The newest validator set. */
  "cosmos.base.tendermint.v1beta1.GetLatestValidatorSetResponse": {
    readonly blockHeight: bigint;
    readonly validators: readonly Messages["cosmos.base.tendermint.v1beta1.Validator"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks who this node is. */
  "cosmos.base.tendermint.v1beta1.GetNodeInfoRequest": {};
  /** Who this node is, and what it runs. */
  "cosmos.base.tendermint.v1beta1.GetNodeInfoResponse": {
    readonly defaultNodeInfo: Messages["tendermint.p2p.DefaultNodeInfo"] | undefined;
    readonly applicationVersion: Messages["cosmos.base.tendermint.v1beta1.VersionInfo"] | undefined;
  };
  /** Asks whether the node is catching up. */
  "cosmos.base.tendermint.v1beta1.GetSyncingRequest": {};
  /** Whether the node is catching up. */
  "cosmos.base.tendermint.v1beta1.GetSyncingResponse": {
    readonly syncing: boolean;
  };
  /** Asks for the validator set of one height. */
  "cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightRequest": {
    readonly height: bigint;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The validator set of one height. */
  "cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightResponse": {
    readonly blockHeight: bigint;
    readonly validators: readonly Messages["cosmos.base.tendermint.v1beta1.Validator"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** A block header whose proposer is a bech32 address. */
  "cosmos.base.tendermint.v1beta1.Header": {
    readonly version: Messages["tendermint.version.Consensus"];
    readonly chainId: string;
    readonly height: bigint;
    readonly time: Messages["google.protobuf.Timestamp"];
    /** The block before. */
    readonly lastBlockId: Messages["tendermint.types.BlockID"];
    readonly lastCommitHash: Uint8Array;
    readonly dataHash: Uint8Array;
    readonly validatorsHash: Uint8Array;
    readonly nextValidatorsHash: Uint8Array;
    readonly consensusHash: Uint8Array;
    /** The state after the block before. */
    readonly appHash: Uint8Array;
    readonly lastResultsHash: Uint8Array;
    readonly evidenceHash: Uint8Array;
    /** The proposer's consensus address, bech32. */
    readonly proposerAddress: string;
  };
  /** A library the program was built with. */
  "cosmos.base.tendermint.v1beta1.Module": {
    readonly path: string;
    readonly version: string;
    readonly sum: string;
  };
  /** One step of a proof, from a key to the root of one tree. */
  "cosmos.base.tendermint.v1beta1.ProofOp": {
    readonly type: string;
    readonly key: Uint8Array;
    readonly data: Uint8Array;
  };
  /** The steps of a proof, innermost first. */
  "cosmos.base.tendermint.v1beta1.ProofOps": {
    readonly ops: readonly Messages["cosmos.base.tendermint.v1beta1.ProofOp"][];
  };
  /** A validator as the consensus engine knows it. */
  "cosmos.base.tendermint.v1beta1.Validator": {
    readonly address: string;
    readonly pubKey: Messages["google.protobuf.Any"] | undefined;
    readonly votingPower: bigint;
    readonly proposerPriority: bigint;
  };
  /** The program's version. */
  "cosmos.base.tendermint.v1beta1.VersionInfo": {
    readonly name: string;
    readonly appName: string;
    readonly version: string;
    readonly gitCommit: string;
    readonly buildTags: string;
    readonly goVersion: string;
    readonly buildDeps: readonly Messages["cosmos.base.tendermint.v1beta1.Module"][];
    readonly cosmosSdkVersion: string;
  };
  /** An amount of one denomination, a whole number of its smallest unit. */
  "cosmos.base.v1beta1.Coin": {
    readonly denom: string;
    readonly amount: string;
  };
  /** An amount of one denomination with eighteen decimal places. */
  "cosmos.base.v1beta1.DecCoin": {
    readonly denom: string;
    readonly amount: string;
  };
  /** A decimal on its own. */
  "cosmos.base.v1beta1.DecProto": {
    readonly dec: string;
  };
  /** An integer on its own. */
  "cosmos.base.v1beta1.IntProto": {
    readonly int: string;
  };
  /** Changes the consensus engine's parameters. Block, evidence and validator must all be given. */
  "cosmos.consensus.v1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly block: Messages["tendermint.types.BlockParams"] | undefined;
    readonly evidence: Messages["tendermint.types.EvidenceParams"] | undefined;
    readonly validator: Messages["tendermint.types.ValidatorParams"] | undefined;
    readonly abci: Messages["tendermint.types.ABCIParams"] | undefined;
  };
  /** Nothing. */
  "cosmos.consensus.v1.MsgUpdateParamsResponse": {};
  /** Asks for the consensus engine's parameters. */
  "cosmos.consensus.v1.QueryParamsRequest": {};
  /** The consensus engine's parameters. The application does not keep the version. */
  "cosmos.consensus.v1.QueryParamsResponse": {
    readonly params: Messages["tendermint.types.ConsensusParams"] | undefined;
  };
  /** An ed25519 private key: 64 bytes, seed and public key. */
  "cosmos.crypto.ed25519.PrivKey": {
    readonly key: Uint8Array;
  };
  /** An ed25519 public key: 32 bytes. Validators sign blocks with it; accounts may not use it. */
  "cosmos.crypto.ed25519.PubKey": {
    readonly key: Uint8Array;
  };
  /** BIP44Params is a path m / purpose' / coin_type' / account' / change / address_index. */
  "cosmos.crypto.hd.v1.BIP44Params": {
    /** purpose is 44 for every path that follows BIP-44. */
    readonly purpose: number;
    /** coin_type names the chain family (SLIP-44); 118 for Cosmos chains. */
    readonly coinType: number;
    /** account separates the identities of one person. */
    readonly account: number;
    /** change tells addresses for change from addresses given to others. */
    readonly change: boolean;
    /** address_index counts the addresses of an account. */
    readonly addressIndex: number;
  };
  /** Record is one key: its name, its public key and where the private key is. */
  "cosmos.crypto.keyring.v1.Record": {
    /** name is what the owner calls the key. */
    readonly name: string;
    /** pub_key is the public key, of any kind. */
    readonly pubKey: Messages["google.protobuf.Any"] | undefined;
    /** local holds the private key in this keyring. */
    readonly local?: Messages["cosmos.crypto.keyring.v1.Record.Local"] | undefined;
    /** ledger says the private key is on a Ledger device. */
    readonly ledger?: Messages["cosmos.crypto.keyring.v1.Record.Ledger"] | undefined;
    /** multi says the key is a multisig and has no private key of its own. */
    readonly multi?: Messages["cosmos.crypto.keyring.v1.Record.Multi"] | undefined;
    /** offline says that the private key is kept elsewhere. */
    readonly offline?: Messages["cosmos.crypto.keyring.v1.Record.Offline"] | undefined;
  };
  /** Ledger is a key on a device. */
  "cosmos.crypto.keyring.v1.Record.Ledger": {
    /** path is where on the device the key is derived. */
    readonly path: Messages["cosmos.crypto.hd.v1.BIP44Params"] | undefined;
  };
  /** Local is a key whose private part lies in the keyring. */
  "cosmos.crypto.keyring.v1.Record.Local": {
    /** priv_key is the private key. */
    readonly privKey: Messages["google.protobuf.Any"] | undefined;
  };
  /** Multi holds nothing: members and threshold are in the public key. */
  "cosmos.crypto.keyring.v1.Record.Multi": {};
  /** Offline holds nothing. */
  "cosmos.crypto.keyring.v1.Record.Offline": {};
  /** A key of several keys, of which `threshold` must sign. Its address is the hash of its amino encoding. */
  "cosmos.crypto.multisig.LegacyAminoPubKey": {
    readonly threshold: number;
    readonly publicKeys: readonly Messages["google.protobuf.Any"][];
  };
  /** Which members signed: a bit for each, most significant first. */
  "cosmos.crypto.multisig.v1beta1.CompactBitArray": {
    /** How many bits of the last byte count; 0 means all eight. */
    readonly extraBitsStored: number;
    readonly elems: Uint8Array;
  };
  /** The signatures of a multisig, in the order of the bits set in its bit array. */
  "cosmos.crypto.multisig.v1beta1.MultiSignature": {
    readonly signatures: readonly Uint8Array[];
  };
  /** A secp256k1 private key: 32 bytes. */
  "cosmos.crypto.secp256k1.PrivKey": {
    readonly key: Uint8Array;
  };
  /** A secp256k1 public key: 33 bytes, compressed. */
  "cosmos.crypto.secp256k1.PubKey": {
    readonly key: Uint8Array;
  };
  /** The content of an old proposal to spend from the community pool; today it is a message. */
  "cosmos.distribution.v1beta1.CommunityPoolSpendProposal": {
    readonly title: string;
    readonly description: string;
    readonly recipient: string;
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** An old proposal to spend from the community pool as the command line read it from a file. */
  "cosmos.distribution.v1beta1.CommunityPoolSpendProposalWithDeposit": {
    readonly title: string;
    readonly description: string;
    readonly recipient: string;
    readonly amount: string;
    readonly deposit: string;
  };
  /** What a delegator could withdraw from one validator. */
  "cosmos.distribution.v1beta1.DelegationDelegatorReward": {
    readonly validatorAddress: string;
    readonly reward: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** From where on a delegation has rewards to come. */
  "cosmos.distribution.v1beta1.DelegatorStartingInfo": {
    /** The period whose end it began with. */
    readonly previousPeriod: bigint;
    /** What it was worth then. */
    readonly stake: string;
    /** The height at which it began. */
    readonly height: bigint;
  };
  /** The beginning of one delegation. */
  "cosmos.distribution.v1beta1.DelegatorStartingInfoRecord": {
    readonly delegatorAddress: string;
    readonly validatorAddress: string;
    readonly startingInfo: Messages["cosmos.distribution.v1beta1.DelegatorStartingInfo"];
  };
  /** Where a delegator has its rewards paid to. */
  "cosmos.distribution.v1beta1.DelegatorWithdrawInfo": {
    readonly delegatorAddress: string;
    readonly withdrawAddress: string;
  };
  /** Coins that belong to everybody, with their fractions. */
  "cosmos.distribution.v1beta1.FeePool": {
    readonly communityPool: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** The module's state at genesis. */
  "cosmos.distribution.v1beta1.GenesisState": {
    readonly params: Messages["cosmos.distribution.v1beta1.Params"];
    readonly feePool: Messages["cosmos.distribution.v1beta1.FeePool"];
    readonly delegatorWithdrawInfos: readonly Messages["cosmos.distribution.v1beta1.DelegatorWithdrawInfo"][];
    /** The consensus address of the last block's proposer; empty before the first block. */
    readonly previousProposer: string;
    readonly outstandingRewards: readonly Messages["cosmos.distribution.v1beta1.ValidatorOutstandingRewardsRecord"][];
    readonly validatorAccumulatedCommissions: readonly Messages["cosmos.distribution.v1beta1.ValidatorAccumulatedCommissionRecord"][];
    readonly validatorHistoricalRewards: readonly Messages["cosmos.distribution.v1beta1.ValidatorHistoricalRewardsRecord"][];
    readonly validatorCurrentRewards: readonly Messages["cosmos.distribution.v1beta1.ValidatorCurrentRewardsRecord"][];
    readonly delegatorStartingInfos: readonly Messages["cosmos.distribution.v1beta1.DelegatorStartingInfoRecord"][];
    readonly validatorSlashEvents: readonly Messages["cosmos.distribution.v1beta1.ValidatorSlashEventRecord"][];
  };
  /** Pays from the community pool. */
  "cosmos.distribution.v1beta1.MsgCommunityPoolSpend": {
    /** Who may do it. */
    readonly authority: string;
    /** Who is paid. */
    readonly recipient: string;
    /** How much. */
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Nothing. */
  "cosmos.distribution.v1beta1.MsgCommunityPoolSpendResponse": {};
  /** Gives coins to a validator and its delegators, as if they had earned them. */
  "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool": {
    /** Who gives them. */
    readonly depositor: string;
    /** The validator's operator. */
    readonly validatorAddress: string;
    /** How much. */
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Nothing. */
  "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPoolResponse": {};
  /** Gives coins to the community pool. */
  "cosmos.distribution.v1beta1.MsgFundCommunityPool": {
    /** How much. */
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** Who gives it. */
    readonly depositor: string;
  };
  /** Nothing. */
  "cosmos.distribution.v1beta1.MsgFundCommunityPoolResponse": {};
  /** Says where the signer's rewards are paid to. */
  "cosmos.distribution.v1beta1.MsgSetWithdrawAddress": {
    /** Whose rewards. */
    readonly delegatorAddress: string;
    /** Where they are paid to. */
    readonly withdrawAddress: string;
  };
  /** Nothing. */
  "cosmos.distribution.v1beta1.MsgSetWithdrawAddressResponse": {};
  /** Changes the module's parameters; all of them must be given. */
  "cosmos.distribution.v1beta1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly params: Messages["cosmos.distribution.v1beta1.Params"];
  };
  /** Nothing. */
  "cosmos.distribution.v1beta1.MsgUpdateParamsResponse": {};
  /** Withdraws what the signer's stake with one validator has earned. */
  "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward": {
    /** Whose stake. */
    readonly delegatorAddress: string;
    /** The validator's operator. */
    readonly validatorAddress: string;
  };
  /** What was paid. */
  "cosmos.distribution.v1beta1.MsgWithdrawDelegatorRewardResponse": {
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Withdraws the commission of the signer's validator. */
  "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission": {
    /** The operator. */
    readonly validatorAddress: string;
  };
  /** What was paid. */
  "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommissionResponse": {
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** How rewards are divided. */
  "cosmos.distribution.v1beta1.Params": {
    /** The part of all rewards that goes to the community pool. */
    readonly communityTax: string;
    /** Not used any more: proposers have no reward of their own. */
    readonly baseProposerReward: string;
    /** Not used any more. */
    readonly bonusProposerReward: string;
    /** Whether delegators may have their rewards paid to another address. */
    readonly withdrawAddrEnabled: boolean;
  };
  /** Nothing. */
  "cosmos.distribution.v1beta1.QueryCommunityPoolRequest": {};
  /** The community pool, with fractions. */
  "cosmos.distribution.v1beta1.QueryCommunityPoolResponse": {
    readonly pool: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** Whose, and with whom. */
  "cosmos.distribution.v1beta1.QueryDelegationRewardsRequest": {
    /** The delegator. */
    readonly delegatorAddress: string;
    /** The validator's operator. */
    readonly validatorAddress: string;
  };
  /** What could be withdrawn now, with fractions. */
  "cosmos.distribution.v1beta1.QueryDelegationRewardsResponse": {
    readonly rewards: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** Whose. */
  "cosmos.distribution.v1beta1.QueryDelegationTotalRewardsRequest": {
    /** The delegator. */
    readonly delegatorAddress: string;
  };
  /** What could be withdrawn now, by validator and together. */
  "cosmos.distribution.v1beta1.QueryDelegationTotalRewardsResponse": {
    readonly rewards: readonly Messages["cosmos.distribution.v1beta1.DelegationDelegatorReward"][];
    readonly total: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** Whose. */
  "cosmos.distribution.v1beta1.QueryDelegatorValidatorsRequest": {
    /** The delegator. */
    readonly delegatorAddress: string;
  };
  /** The validators' operators. */
  "cosmos.distribution.v1beta1.QueryDelegatorValidatorsResponse": {
    readonly validators: readonly string[];
  };
  /** Whose. */
  "cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressRequest": {
    /** The delegator. */
    readonly delegatorAddress: string;
  };
  /** The address. */
  "cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressResponse": {
    readonly withdrawAddress: string;
  };
  /** Nothing. */
  "cosmos.distribution.v1beta1.QueryParamsRequest": {};
  /** The parameters. */
  "cosmos.distribution.v1beta1.QueryParamsResponse": {
    readonly params: Messages["cosmos.distribution.v1beta1.Params"];
  };
  /** Whose. */
  "cosmos.distribution.v1beta1.QueryValidatorCommissionRequest": {
    /** The validator's operator. */
    readonly validatorAddress: string;
  };
  /** The commission. */
  "cosmos.distribution.v1beta1.QueryValidatorCommissionResponse": {
    readonly commission: Messages["cosmos.distribution.v1beta1.ValidatorAccumulatedCommission"];
  };
  /** Whose. */
  "cosmos.distribution.v1beta1.QueryValidatorDistributionInfoRequest": {
    /** The validator's operator. */
    readonly validatorAddress: string;
  };
  /** A validator's own rewards. */
  "cosmos.distribution.v1beta1.QueryValidatorDistributionInfoResponse": {
    /** The operator's account. */
    readonly operatorAddress: string;
    readonly selfBondRewards: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
    readonly commission: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** Whose. */
  "cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsRequest": {
    /** The validator's operator. */
    readonly validatorAddress: string;
  };
  /** What is owed. */
  "cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsResponse": {
    readonly rewards: Messages["cosmos.distribution.v1beta1.ValidatorOutstandingRewards"];
  };
  /** Whose, and from when to when. */
  "cosmos.distribution.v1beta1.QueryValidatorSlashesRequest": {
    /** The validator's operator. */
    readonly validatorAddress: string;
    /** The lowest period of a slash; the name says height, the rule is the SDK's. */
    readonly startingHeight: bigint;
    /** The highest. */
    readonly endingHeight: bigint;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** A page of slashes. */
  "cosmos.distribution.v1beta1.QueryValidatorSlashesResponse": {
    readonly slashes: readonly Messages["cosmos.distribution.v1beta1.ValidatorSlashEvent"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** A validator's commission that was not withdrawn yet. */
  "cosmos.distribution.v1beta1.ValidatorAccumulatedCommission": {
    readonly commission: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** One validator's commission. */
  "cosmos.distribution.v1beta1.ValidatorAccumulatedCommissionRecord": {
    readonly validatorAddress: string;
    readonly accumulated: Messages["cosmos.distribution.v1beta1.ValidatorAccumulatedCommission"];
  };
  /** What a validator's delegators have earned together in the period that runs. */
  "cosmos.distribution.v1beta1.ValidatorCurrentRewards": {
    readonly rewards: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
    /** The number of the period that runs. */
    readonly period: bigint;
  };
  /** The period of a validator that runs. */
  "cosmos.distribution.v1beta1.ValidatorCurrentRewardsRecord": {
    readonly validatorAddress: string;
    readonly rewards: Messages["cosmos.distribution.v1beta1.ValidatorCurrentRewards"];
  };
  /** What one coin staked with a validator since its beginning has earned up to the end of a period. */
  "cosmos.distribution.v1beta1.ValidatorHistoricalRewards": {
    readonly cumulativeRewardRatio: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
    /** How many delegations, slashes and validators still refer to this period's end; at most two. */
    readonly referenceCount: number;
  };
  /** The end of one of a validator's periods. */
  "cosmos.distribution.v1beta1.ValidatorHistoricalRewardsRecord": {
    readonly validatorAddress: string;
    readonly period: bigint;
    readonly rewards: Messages["cosmos.distribution.v1beta1.ValidatorHistoricalRewards"];
  };
  /** Everything that is still owed to a validator and its delegators. */
  "cosmos.distribution.v1beta1.ValidatorOutstandingRewards": {
    readonly rewards: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** What is owed around one validator. */
  "cosmos.distribution.v1beta1.ValidatorOutstandingRewardsRecord": {
    readonly validatorAddress: string;
    readonly outstandingRewards: readonly Messages["cosmos.base.v1beta1.DecCoin"][];
  };
  /** A slash: stake that was there before it is worth less after it. */
  "cosmos.distribution.v1beta1.ValidatorSlashEvent": {
    /** The period that the slash ended. */
    readonly validatorPeriod: bigint;
    /** The part of the validator's tokens that was burnt. */
    readonly fraction: string;
  };
  /** One slash. */
  "cosmos.distribution.v1beta1.ValidatorSlashEventRecord": {
    readonly validatorAddress: string;
    /** The height at which it happened. */
    readonly height: bigint;
    /** The period that it ended. */
    readonly period: bigint;
    readonly validatorSlashEvent: Messages["cosmos.distribution.v1beta1.ValidatorSlashEvent"];
  };
  /** Slashes of one validator. */
  "cosmos.distribution.v1beta1.ValidatorSlashEvents": {
    readonly validatorSlashEvents: readonly Messages["cosmos.distribution.v1beta1.ValidatorSlashEvent"][];
  };
  /** A validator signed two different blocks of one height. */
  "cosmos.evidence.v1beta1.Equivocation": {
    /** The height of the two blocks. */
    readonly height: bigint;
    /** The time of that height's block. */
    readonly time: Messages["google.protobuf.Timestamp"];
    /** Its power then. */
    readonly power: bigint;
    readonly consensusAddress: string;
  };
  /** The module's state at genesis. */
  "cosmos.evidence.v1beta1.GenesisState": {
    /** Every fault that was proven. */
    readonly evidence: readonly Messages["google.protobuf.Any"][];
  };
  /** Reports a fault. */
  "cosmos.evidence.v1beta1.MsgSubmitEvidence": {
    /** Who reports it. */
    readonly submitter: string;
    /** The fault, packed. */
    readonly evidence: Messages["google.protobuf.Any"] | undefined;
  };
  /** What it is known under. */
  "cosmos.evidence.v1beta1.MsgSubmitEvidenceResponse": {
    /** Its hash. */
    readonly hash: Uint8Array;
  };
  /** Which page. */
  "cosmos.evidence.v1beta1.QueryAllEvidenceRequest": {
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** A page of faults. */
  "cosmos.evidence.v1beta1.QueryAllEvidenceResponse": {
    readonly evidence: readonly Messages["google.protobuf.Any"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Which fault. */
  "cosmos.evidence.v1beta1.QueryEvidenceRequest": {
    /** Not used any more: see hash. */
    readonly evidenceHash: Uint8Array;
    /** Its hash in hexadecimal digits. */
    readonly hash: string;
  };
  /** The fault. */
  "cosmos.evidence.v1beta1.QueryEvidenceResponse": {
    readonly evidence: Messages["google.protobuf.Any"] | undefined;
  };
  /** An allowance for transactions of certain messages only. */
  "cosmos.feegrant.v1beta1.AllowedMsgAllowance": {
    /** The allowance that such transactions use. */
    readonly allowance: Messages["google.protobuf.Any"] | undefined;
    /** Type URLs of the messages, such as /cosmos.bank.v1beta1.MsgSend. */
    readonly allowedMessages: readonly string[];
  };
  /** An allowance that is used up once, or ends at a time. */
  "cosmos.feegrant.v1beta1.BasicAllowance": {
    /** The most that may be spent in all; empty for no bound. */
    readonly spendLimit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** When it ends; absent for never. */
    readonly expiration: Messages["google.protobuf.Timestamp"] | undefined;
  };
  /** The module's state at genesis. */
  "cosmos.feegrant.v1beta1.GenesisState": {
    readonly allowances: readonly Messages["cosmos.feegrant.v1beta1.Grant"][];
  };
  /** An allowance with who gives it and who has it. */
  "cosmos.feegrant.v1beta1.Grant": {
    /** Whose coins pay. */
    readonly granter: string;
    /** Whose fees are paid. */
    readonly grantee: string;
    readonly allowance: Messages["google.protobuf.Any"] | undefined;
  };
  /** Lets the grantee pay fees with the granter's coins. */
  "cosmos.feegrant.v1beta1.MsgGrantAllowance": {
    /** Whose coins pay. */
    readonly granter: string;
    /** Whose fees are paid. */
    readonly grantee: string;
    /** Which fees, and how much of them: a basic, periodic or allowed-message allowance. */
    readonly allowance: Messages["google.protobuf.Any"] | undefined;
  };
  /** Nothing. */
  "cosmos.feegrant.v1beta1.MsgGrantAllowanceResponse": {};
  /** Removes allowances that have ended from the state. */
  "cosmos.feegrant.v1beta1.MsgPruneAllowances": {
    /** Who pays for it. */
    readonly pruner: string;
  };
  /** Nothing. */
  "cosmos.feegrant.v1beta1.MsgPruneAllowancesResponse": {};
  /** Takes back an allowance. */
  "cosmos.feegrant.v1beta1.MsgRevokeAllowance": {
    /** Whose coins paid. */
    readonly granter: string;
    /** Whose fees were paid. */
    readonly grantee: string;
  };
  /** Nothing. */
  "cosmos.feegrant.v1beta1.MsgRevokeAllowanceResponse": {};
  /** An allowance that is filled up again after every period. */
  "cosmos.feegrant.v1beta1.PeriodicAllowance": {
    /** What bounds all periods together. */
    readonly basic: Messages["cosmos.feegrant.v1beta1.BasicAllowance"];
    readonly period: Messages["google.protobuf.Duration"];
    /** The most that may be spent in one period. */
    readonly periodSpendLimit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** What is left of this period. */
    readonly periodCanSpend: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** When the next period begins. */
    readonly periodReset: Messages["google.protobuf.Timestamp"];
  };
  /** Whose allowance from whom. */
  "cosmos.feegrant.v1beta1.QueryAllowanceRequest": {
    /** Whose coins pay. */
    readonly granter: string;
    /** Whose fees are paid. */
    readonly grantee: string;
  };
  /** The allowance. */
  "cosmos.feegrant.v1beta1.QueryAllowanceResponse": {
    readonly allowance: Messages["cosmos.feegrant.v1beta1.Grant"] | undefined;
  };
  /** Whose allowances to others. */
  "cosmos.feegrant.v1beta1.QueryAllowancesByGranterRequest": {
    /** Whose coins pay. */
    readonly granter: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The allowances from one account. */
  "cosmos.feegrant.v1beta1.QueryAllowancesByGranterResponse": {
    readonly allowances: readonly Messages["cosmos.feegrant.v1beta1.Grant"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Whose allowances. */
  "cosmos.feegrant.v1beta1.QueryAllowancesRequest": {
    /** Whose fees are paid. */
    readonly grantee: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The allowances of one account. */
  "cosmos.feegrant.v1beta1.QueryAllowancesResponse": {
    readonly allowances: readonly Messages["cosmos.feegrant.v1beta1.Grant"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** The transactions that the genesis block runs. */
  "cosmos.genutil.v1beta1.GenesisState": {
    /** Each is a transaction in JSON. */
    readonly genTxs: readonly Uint8Array[];
  };
  /** What one account deposited on one proposal. */
  "cosmos.gov.v1.Deposit": {
    readonly proposalId: bigint;
    readonly depositor: string;
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** The parameters of deposits, as they stood by themselves before there was one message of all. */
  "cosmos.gov.v1.DepositParams": {
    readonly minDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly maxDepositPeriod: Messages["google.protobuf.Duration"] | undefined;
  };
  /** The state of the module. */
  "cosmos.gov.v1.GenesisState": {
    /** The number of the next proposal. */
    readonly startingProposalId: bigint;
    readonly deposits: readonly Messages["cosmos.gov.v1.Deposit"][];
    readonly votes: readonly Messages["cosmos.gov.v1.Vote"][];
    readonly proposals: readonly Messages["cosmos.gov.v1.Proposal"][];
    /** Not read; the parameters are in params. */
    readonly depositParams: Messages["cosmos.gov.v1.DepositParams"] | undefined;
    /** Not read; the parameters are in params. */
    readonly votingParams: Messages["cosmos.gov.v1.VotingParams"] | undefined;
    /** Not read; the parameters are in params. */
    readonly tallyParams: Messages["cosmos.gov.v1.TallyParams"] | undefined;
    readonly params: Messages["cosmos.gov.v1.Params"] | undefined;
    /** What the chain is for, in its founders' words. */
    readonly constitution: string;
  };
  /** Cancels a proposal before its voting period is over. Part of the deposits is lost. */
  "cosmos.gov.v1.MsgCancelProposal": {
    readonly proposalId: bigint;
    /** Who submitted it. */
    readonly proposer: string;
  };
  /** What was cancelled, and when. */
  "cosmos.gov.v1.MsgCancelProposalResponse": {
    readonly proposalId: bigint;
    readonly canceledTime: Messages["google.protobuf.Timestamp"];
    readonly canceledHeight: bigint;
  };
  /** Adds to a proposal's deposits. */
  "cosmos.gov.v1.MsgDeposit": {
    readonly proposalId: bigint;
    readonly depositor: string;
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Nothing. */
  "cosmos.gov.v1.MsgDepositResponse": {};
  /** Carries out the content of a v1beta1 proposal. */
  "cosmos.gov.v1.MsgExecLegacyContent": {
    readonly content: Messages["google.protobuf.Any"] | undefined;
    /** The governance account. */
    readonly authority: string;
  };
  /** Nothing. */
  "cosmos.gov.v1.MsgExecLegacyContentResponse": {};
  /** Submits a proposal. */
  "cosmos.gov.v1.MsgSubmitProposal": {
    /** What runs when it passes; each signed by the governance account. */
    readonly messages: readonly Messages["google.protobuf.Any"][];
    /** What the proposer deposits at once. */
    readonly initialDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly proposer: string;
    /** Free text, by custom JSON or a link to it. */
    readonly metadata: string;
    readonly title: string;
    readonly summary: string;
    /** Vote for a shorter time, by a higher threshold, for a higher deposit. */
    readonly expedited: boolean;
  };
  /** The proposal's number. */
  "cosmos.gov.v1.MsgSubmitProposalResponse": {
    readonly proposalId: bigint;
  };
  /** Changes the module's parameters; all of them must be given. */
  "cosmos.gov.v1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly params: Messages["cosmos.gov.v1.Params"];
  };
  /** Nothing. */
  "cosmos.gov.v1.MsgUpdateParamsResponse": {};
  /** Votes with one option. */
  "cosmos.gov.v1.MsgVote": {
    readonly proposalId: bigint;
    readonly voter: string;
    /** yes, no, abstain or no-with-veto. */
    readonly option: number;
    /** Free text. */
    readonly metadata: string;
  };
  /** Nothing. */
  "cosmos.gov.v1.MsgVoteResponse": {};
  /** Votes with several options whose weights sum to 1. */
  "cosmos.gov.v1.MsgVoteWeighted": {
    readonly proposalId: bigint;
    readonly voter: string;
    readonly options: readonly Messages["cosmos.gov.v1.WeightedVoteOption"][];
    /** Free text. */
    readonly metadata: string;
  };
  /** Nothing. */
  "cosmos.gov.v1.MsgVoteWeightedResponse": {};
  /** The module's parameters. */
  "cosmos.gov.v1.Params": {
    /** What must be deposited before a proposal is voted on; a deposit may be of these denominations alone. */
    readonly minDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** How long a proposal waits for its deposits. */
    readonly maxDepositPeriod: Messages["google.protobuf.Duration"] | undefined;
    readonly votingPeriod: Messages["google.protobuf.Duration"] | undefined;
    /** The part of the bonded stake that must vote, 0 to 1. */
    readonly quorum: string;
    /** The part of the votes that are not abstentions which must be exceeded by yes. */
    readonly threshold: string;
    /** The part of all votes above which vetoes reject the proposal. */
    readonly vetoThreshold: string;
    /** The part of the minimum that the proposer must deposit at once. */
    readonly minInitialDepositRatio: string;
    /** The part of the deposits that is taken when the proposer cancels. */
    readonly proposalCancelRatio: string;
    /** Who gets what is taken then; empty burns it. */
    readonly proposalCancelDest: string;
    /** How long an expedited proposal is voted on, less than any other. */
    readonly expeditedVotingPeriod: Messages["google.protobuf.Duration"] | undefined;
    /** As threshold, for an expedited proposal, and higher. */
    readonly expeditedThreshold: string;
    /** As min_deposit, for an expedited proposal, and higher. */
    readonly expeditedMinDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** Deposits are burnt when too few vote. */
    readonly burnVoteQuorum: boolean;
    /** Deposits are burnt when they stay below the minimum. */
    readonly burnProposalDepositPrevote: boolean;
    /** Deposits are burnt when the proposal is vetoed. */
    readonly burnVoteVeto: boolean;
    /** The part of the minimum that every single deposit must be, in one denomination at least. */
    readonly minDepositRatio: string;
  };
  /** A proposal: messages that run as governance when it passes. */
  "cosmos.gov.v1.Proposal": {
    readonly id: bigint;
    /** What runs, in this order; each is signed by the governance account. */
    readonly messages: readonly Messages["google.protobuf.Any"][];
    readonly status: number;
    /** All zero until the voting period is over; the tally query counts before that. */
    readonly finalTallyResult: Messages["cosmos.gov.v1.TallyResult"] | undefined;
    readonly submitTime: Messages["google.protobuf.Timestamp"] | undefined;
    /** When the proposal is dropped unless its deposits reached the minimum. */
    readonly depositEndTime: Messages["google.protobuf.Timestamp"] | undefined;
    readonly totalDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly votingStartTime: Messages["google.protobuf.Timestamp"] | undefined;
    readonly votingEndTime: Messages["google.protobuf.Timestamp"] | undefined;
    /** Free text, by custom JSON or a link to it. */
    readonly metadata: string;
    readonly title: string;
    readonly summary: string;
    readonly proposer: string;
    /** Voted on for a shorter time and by a higher threshold. */
    readonly expedited: boolean;
    /** Why it was rejected or failed. */
    readonly failedReason: string;
  };
  /** Asks for the constitution. */
  "cosmos.gov.v1.QueryConstitutionRequest": {};
  /** The constitution. */
  "cosmos.gov.v1.QueryConstitutionResponse": {
    readonly constitution: string;
  };
  /** Asks for one deposit. */
  "cosmos.gov.v1.QueryDepositRequest": {
    readonly proposalId: bigint;
    readonly depositor: string;
  };
  /** One deposit. */
  "cosmos.gov.v1.QueryDepositResponse": {
    readonly deposit: Messages["cosmos.gov.v1.Deposit"] | undefined;
  };
  /** Asks for the deposits on a proposal. */
  "cosmos.gov.v1.QueryDepositsRequest": {
    readonly proposalId: bigint;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Deposits. */
  "cosmos.gov.v1.QueryDepositsResponse": {
    readonly deposits: readonly Messages["cosmos.gov.v1.Deposit"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for parameters. */
  "cosmos.gov.v1.QueryParamsRequest": {
    /** voting, tallying or deposit: which of the old groups to show beside them all. */
    readonly paramsType: string;
  };
  /** The parameters, and the old group that was asked for. */
  "cosmos.gov.v1.QueryParamsResponse": {
    readonly votingParams: Messages["cosmos.gov.v1.VotingParams"] | undefined;
    readonly depositParams: Messages["cosmos.gov.v1.DepositParams"] | undefined;
    readonly tallyParams: Messages["cosmos.gov.v1.TallyParams"] | undefined;
    readonly params: Messages["cosmos.gov.v1.Params"] | undefined;
  };
  /** Asks for one proposal. */
  "cosmos.gov.v1.QueryProposalRequest": {
    readonly proposalId: bigint;
  };
  /** One proposal. */
  "cosmos.gov.v1.QueryProposalResponse": {
    readonly proposal: Messages["cosmos.gov.v1.Proposal"] | undefined;
  };
  /** Asks for proposals. */
  "cosmos.gov.v1.QueryProposalsRequest": {
    /** Only those that stand here; unspecified means all. */
    readonly proposalStatus: number;
    /** Only those this account voted on, while votes are kept. */
    readonly voter: string;
    /** Only those this account deposited on, while deposits are kept. */
    readonly depositor: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Proposals. */
  "cosmos.gov.v1.QueryProposalsResponse": {
    readonly proposals: readonly Messages["cosmos.gov.v1.Proposal"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks how the votes stand. */
  "cosmos.gov.v1.QueryTallyResultRequest": {
    readonly proposalId: bigint;
  };
  /** How the votes stand. */
  "cosmos.gov.v1.QueryTallyResultResponse": {
    readonly tally: Messages["cosmos.gov.v1.TallyResult"] | undefined;
  };
  /** Asks for one vote. */
  "cosmos.gov.v1.QueryVoteRequest": {
    readonly proposalId: bigint;
    readonly voter: string;
  };
  /** One vote. */
  "cosmos.gov.v1.QueryVoteResponse": {
    readonly vote: Messages["cosmos.gov.v1.Vote"] | undefined;
  };
  /** Asks for the votes on a proposal. */
  "cosmos.gov.v1.QueryVotesRequest": {
    readonly proposalId: bigint;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Votes. */
  "cosmos.gov.v1.QueryVotesResponse": {
    readonly votes: readonly Messages["cosmos.gov.v1.Vote"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** The parameters of counting, as they stood by themselves. */
  "cosmos.gov.v1.TallyParams": {
    readonly quorum: string;
    readonly threshold: string;
    readonly vetoThreshold: string;
  };
  /** Voting power by option, in base units of the bond denomination. */
  "cosmos.gov.v1.TallyResult": {
    readonly yesCount: string;
    readonly abstainCount: string;
    readonly noCount: string;
    readonly noWithVetoCount: string;
  };
  /** One account's vote on one proposal. */
  "cosmos.gov.v1.Vote": {
    readonly proposalId: bigint;
    readonly voter: string;
    readonly options: readonly Messages["cosmos.gov.v1.WeightedVoteOption"][];
    /** Free text. */
    readonly metadata: string;
  };
  /** The parameter of voting, as it stood by itself. */
  "cosmos.gov.v1.VotingParams": {
    readonly votingPeriod: Messages["google.protobuf.Duration"] | undefined;
  };
  /** A part of a vote. */
  "cosmos.gov.v1.WeightedVoteOption": {
    readonly option: number;
    /** The part of the voter's power, above 0 and at most 1. */
    readonly weight: string;
  };
  /** What one account deposited on one proposal. */
  "cosmos.gov.v1beta1.Deposit": {
    readonly proposalId: bigint;
    readonly depositor: string;
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** The parameters of deposits. */
  "cosmos.gov.v1beta1.DepositParams": {
    readonly minDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly maxDepositPeriod: Messages["google.protobuf.Duration"];
  };
  /** Adds to a proposal's deposits. */
  "cosmos.gov.v1beta1.MsgDeposit": {
    readonly proposalId: bigint;
    readonly depositor: string;
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Nothing. */
  "cosmos.gov.v1beta1.MsgDepositResponse": {};
  /** Submits a proposal of one content. */
  "cosmos.gov.v1beta1.MsgSubmitProposal": {
    readonly content: Messages["google.protobuf.Any"] | undefined;
    /** What the proposer deposits at once. */
    readonly initialDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly proposer: string;
  };
  /** The proposal's number. */
  "cosmos.gov.v1beta1.MsgSubmitProposalResponse": {
    readonly proposalId: bigint;
  };
  /** Votes with one option. */
  "cosmos.gov.v1beta1.MsgVote": {
    readonly proposalId: bigint;
    readonly voter: string;
    readonly option: number;
  };
  /** Nothing. */
  "cosmos.gov.v1beta1.MsgVoteResponse": {};
  /** Votes with several options whose weights sum to 1. */
  "cosmos.gov.v1beta1.MsgVoteWeighted": {
    readonly proposalId: bigint;
    readonly voter: string;
    readonly options: readonly Messages["cosmos.gov.v1beta1.WeightedVoteOption"][];
  };
  /** Nothing. */
  "cosmos.gov.v1beta1.MsgVoteWeightedResponse": {};
  /** A proposal as it was before messages: one content. */
  "cosmos.gov.v1beta1.Proposal": {
    readonly proposalId: bigint;
    /** The content, or the message of a v1 proposal that has exactly one. */
    readonly content: Messages["google.protobuf.Any"] | undefined;
    readonly status: number;
    readonly finalTallyResult: Messages["cosmos.gov.v1beta1.TallyResult"];
    readonly submitTime: Messages["google.protobuf.Timestamp"];
    readonly depositEndTime: Messages["google.protobuf.Timestamp"];
    readonly totalDeposit: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly votingStartTime: Messages["google.protobuf.Timestamp"];
    readonly votingEndTime: Messages["google.protobuf.Timestamp"];
  };
  /** Asks for one deposit. */
  "cosmos.gov.v1beta1.QueryDepositRequest": {
    readonly proposalId: bigint;
    readonly depositor: string;
  };
  /** One deposit. */
  "cosmos.gov.v1beta1.QueryDepositResponse": {
    readonly deposit: Messages["cosmos.gov.v1beta1.Deposit"];
  };
  /** Asks for the deposits on a proposal. */
  "cosmos.gov.v1beta1.QueryDepositsRequest": {
    readonly proposalId: bigint;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Deposits. */
  "cosmos.gov.v1beta1.QueryDepositsResponse": {
    readonly deposits: readonly Messages["cosmos.gov.v1beta1.Deposit"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for parameters. */
  "cosmos.gov.v1beta1.QueryParamsRequest": {
    /** voting, tallying or deposit: which of the old groups to show. */
    readonly paramsType: string;
  };
  /** The group that was asked for; the others are empty. */
  "cosmos.gov.v1beta1.QueryParamsResponse": {
    readonly votingParams: Messages["cosmos.gov.v1beta1.VotingParams"];
    readonly depositParams: Messages["cosmos.gov.v1beta1.DepositParams"];
    readonly tallyParams: Messages["cosmos.gov.v1beta1.TallyParams"];
  };
  /** Asks for one proposal. */
  "cosmos.gov.v1beta1.QueryProposalRequest": {
    readonly proposalId: bigint;
  };
  /** One proposal. */
  "cosmos.gov.v1beta1.QueryProposalResponse": {
    readonly proposal: Messages["cosmos.gov.v1beta1.Proposal"];
  };
  /** Asks for proposals. */
  "cosmos.gov.v1beta1.QueryProposalsRequest": {
    /** Only those that stand here; unspecified means all. */
    readonly proposalStatus: number;
    /** Only those this account voted on, while votes are kept. */
    readonly voter: string;
    /** Only those this account deposited on, while deposits are kept. */
    readonly depositor: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Proposals. */
  "cosmos.gov.v1beta1.QueryProposalsResponse": {
    readonly proposals: readonly Messages["cosmos.gov.v1beta1.Proposal"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks how the votes stand. */
  "cosmos.gov.v1beta1.QueryTallyResultRequest": {
    readonly proposalId: bigint;
  };
  /** How the votes stand. */
  "cosmos.gov.v1beta1.QueryTallyResultResponse": {
    readonly tally: Messages["cosmos.gov.v1beta1.TallyResult"];
  };
  /** Asks for one vote. */
  "cosmos.gov.v1beta1.QueryVoteRequest": {
    readonly proposalId: bigint;
    readonly voter: string;
  };
  /** One vote. */
  "cosmos.gov.v1beta1.QueryVoteResponse": {
    readonly vote: Messages["cosmos.gov.v1beta1.Vote"];
  };
  /** Asks for the votes on a proposal. */
  "cosmos.gov.v1beta1.QueryVotesRequest": {
    readonly proposalId: bigint;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Votes. */
  "cosmos.gov.v1beta1.QueryVotesResponse": {
    readonly votes: readonly Messages["cosmos.gov.v1beta1.Vote"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** The parameters of counting. */
  "cosmos.gov.v1beta1.TallyParams": {
    readonly quorum: Uint8Array;
    readonly threshold: Uint8Array;
    readonly vetoThreshold: Uint8Array;
  };
  /** Voting power by option. */
  "cosmos.gov.v1beta1.TallyResult": {
    readonly yes: string;
    readonly abstain: string;
    readonly no: string;
    readonly noWithVeto: string;
  };
  /** A proposal of words alone: nothing happens when it passes. */
  "cosmos.gov.v1beta1.TextProposal": {
    readonly title: string;
    readonly description: string;
  };
  /** One account's vote on one proposal. */
  "cosmos.gov.v1beta1.Vote": {
    readonly proposalId: bigint;
    readonly voter: string;
    /** Not used; the options are below. */
    readonly option: number;
    readonly options: readonly Messages["cosmos.gov.v1beta1.WeightedVoteOption"][];
  };
  /** The parameter of voting. */
  "cosmos.gov.v1beta1.VotingParams": {
    readonly votingPeriod: Messages["google.protobuf.Duration"];
  };
  /** A part of a vote. */
  "cosmos.gov.v1beta1.WeightedVoteOption": {
    readonly option: number;
    /** The part of the voter's power, above 0 and at most 1. */
    readonly weight: string;
  };
  /** One proof of a batch. */
  "cosmos.ics23.v1.BatchEntry": {
    readonly exist?: Messages["cosmos.ics23.v1.ExistenceProof"] | undefined;
    readonly nonexist?: Messages["cosmos.ics23.v1.NonExistenceProof"] | undefined;
  };
  /** Several proofs together. */
  "cosmos.ics23.v1.BatchProof": {
    readonly entries: readonly Messages["cosmos.ics23.v1.BatchEntry"][];
  };
  /** A proof of any kind. */
  "cosmos.ics23.v1.CommitmentProof": {
    readonly exist?: Messages["cosmos.ics23.v1.ExistenceProof"] | undefined;
    readonly nonexist?: Messages["cosmos.ics23.v1.NonExistenceProof"] | undefined;
    readonly batch?: Messages["cosmos.ics23.v1.BatchProof"] | undefined;
    readonly compressed?: Messages["cosmos.ics23.v1.CompressedBatchProof"] | undefined;
  };
  /** One proof of a compressed batch. */
  "cosmos.ics23.v1.CompressedBatchEntry": {
    readonly exist?: Messages["cosmos.ics23.v1.CompressedExistenceProof"] | undefined;
    readonly nonexist?: Messages["cosmos.ics23.v1.CompressedNonExistenceProof"] | undefined;
  };
  /** Several proofs that share inner nodes. */
  "cosmos.ics23.v1.CompressedBatchProof": {
    readonly entries: readonly Messages["cosmos.ics23.v1.CompressedBatchEntry"][];
    readonly lookupInners: readonly Messages["cosmos.ics23.v1.InnerOp"][];
  };
  /** An existence proof whose path names shared inner nodes. */
  "cosmos.ics23.v1.CompressedExistenceProof": {
    readonly key: Uint8Array;
    readonly value: Uint8Array;
    readonly leaf: Messages["cosmos.ics23.v1.LeafOp"] | undefined;
    /** Indexes into lookup_inners. */
    readonly path: readonly number[];
  };
  /** A non-existence proof whose paths name shared inner nodes. */
  "cosmos.ics23.v1.CompressedNonExistenceProof": {
    readonly key: Uint8Array;
    readonly left: Messages["cosmos.ics23.v1.CompressedExistenceProof"] | undefined;
    readonly right: Messages["cosmos.ics23.v1.CompressedExistenceProof"] | undefined;
  };
  /** A key and value with the steps from their leaf to the root. */
  "cosmos.ics23.v1.ExistenceProof": {
    readonly key: Uint8Array;
    readonly value: Uint8Array;
    readonly leaf: Messages["cosmos.ics23.v1.LeafOp"] | undefined;
    readonly path: readonly Messages["cosmos.ics23.v1.InnerOp"][];
  };
  /** How an inner node is hashed: hash(prefix, child, suffix). */
  "cosmos.ics23.v1.InnerOp": {
    readonly hash: number;
    readonly prefix: Uint8Array;
    readonly suffix: Uint8Array;
  };
  /** What the inner nodes of one kind of tree look like. */
  "cosmos.ics23.v1.InnerSpec": {
    readonly childOrder: readonly number[];
    readonly childSize: number;
    readonly minPrefixLength: number;
    readonly maxPrefixLength: number;
    readonly emptyChild: Uint8Array;
    readonly hash: number;
  };
  /** How a leaf is hashed: hash(prefix, length(key'), key', length(value'), value'), each possibly hashed before. */
  "cosmos.ics23.v1.LeafOp": {
    readonly hash: number;
    readonly prehashKey: number;
    readonly prehashValue: number;
    readonly length: number;
    readonly prefix: Uint8Array;
  };
  /** The two neighbours between which a key would stand. */
  "cosmos.ics23.v1.NonExistenceProof": {
    readonly key: Uint8Array;
    readonly left: Messages["cosmos.ics23.v1.ExistenceProof"] | undefined;
    readonly right: Messages["cosmos.ics23.v1.ExistenceProof"] | undefined;
  };
  /** What the proofs of one kind of tree must look like. */
  "cosmos.ics23.v1.ProofSpec": {
    readonly leafSpec: Messages["cosmos.ics23.v1.LeafOp"] | undefined;
    readonly innerSpec: Messages["cosmos.ics23.v1.InnerSpec"] | undefined;
    /** 0 for no bound. */
    readonly maxDepth: number;
    /** 0 for no bound. */
    readonly minDepth: number;
    /** True: keys are ordered by their hashes. */
    readonly prehashKeyBeforeComparison: boolean;
  };
  /** The module's state at genesis. */
  "cosmos.mint.v1beta1.GenesisState": {
    readonly minter: Messages["cosmos.mint.v1beta1.Minter"];
    readonly params: Messages["cosmos.mint.v1beta1.Params"];
  };
  /** How much is being minted. */
  "cosmos.mint.v1beta1.Minter": {
    /** The yearly inflation as of the last block. */
    readonly inflation: string;
    /** What a year of that inflation would mint. */
    readonly annualProvisions: string;
  };
  /** Changes the module's parameters; all of them must be given. */
  "cosmos.mint.v1beta1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly params: Messages["cosmos.mint.v1beta1.Params"];
  };
  /** Nothing. */
  "cosmos.mint.v1beta1.MsgUpdateParamsResponse": {};
  /** The rules of minting. */
  "cosmos.mint.v1beta1.Params": {
    /** The denomination that is minted. */
    readonly mintDenom: string;
    /** How much inflation may change in a year. */
    readonly inflationRateChange: string;
    /** Inflation never rises above this. */
    readonly inflationMax: string;
    /** Inflation never falls below this. */
    readonly inflationMin: string;
    /** The bonded share of the supply at which inflation stays as it is. */
    readonly goalBonded: string;
    /** How many blocks a year is taken to have. */
    readonly blocksPerYear: bigint;
  };
  /** Nothing. */
  "cosmos.mint.v1beta1.QueryAnnualProvisionsRequest": {};
  /** What a year mints. */
  "cosmos.mint.v1beta1.QueryAnnualProvisionsResponse": {
    readonly annualProvisions: Uint8Array;
  };
  /** Nothing. */
  "cosmos.mint.v1beta1.QueryInflationRequest": {};
  /** The yearly inflation. */
  "cosmos.mint.v1beta1.QueryInflationResponse": {
    readonly inflation: Uint8Array;
  };
  /** Nothing. */
  "cosmos.mint.v1beta1.QueryParamsRequest": {};
  /** The module's rules. */
  "cosmos.mint.v1beta1.QueryParamsResponse": {
    readonly params: Messages["cosmos.mint.v1beta1.Params"];
  };
  /** One parameter and its value as JSON. */
  "cosmos.params.v1beta1.ParamChange": {
    /** The module. */
    readonly subspace: string;
    readonly key: string;
    readonly value: string;
  };
  /** The old content of a proposal that changes parameters. It can be read; messages of the modules have taken its place. */
  "cosmos.params.v1beta1.ParameterChangeProposal": {
    readonly title: string;
    readonly description: string;
    readonly changes: readonly Messages["cosmos.params.v1beta1.ParamChange"][];
  };
  /** Asks for one parameter. */
  "cosmos.params.v1beta1.QueryParamsRequest": {
    /** The module. */
    readonly subspace: string;
    /** The parameter's old name, such as MaxValidators. */
    readonly key: string;
  };
  /** One parameter; its value is JSON. */
  "cosmos.params.v1beta1.QueryParamsResponse": {
    readonly param: Messages["cosmos.params.v1beta1.ParamChange"];
  };
  /** Asks for all names. */
  "cosmos.params.v1beta1.QuerySubspacesRequest": {};
  /** All names. */
  "cosmos.params.v1beta1.QuerySubspacesResponse": {
    readonly subspaces: readonly Messages["cosmos.params.v1beta1.Subspace"][];
  };
  /** A module and the names of its parameters. */
  "cosmos.params.v1beta1.Subspace": {
    readonly subspace: string;
    readonly keys: readonly string[];
  };
  /** The module's state at genesis. */
  "cosmos.slashing.v1beta1.GenesisState": {
    readonly params: Messages["cosmos.slashing.v1beta1.Params"];
    readonly signingInfos: readonly Messages["cosmos.slashing.v1beta1.SigningInfo"][];
    readonly missedBlocks: readonly Messages["cosmos.slashing.v1beta1.ValidatorMissedBlocks"][];
  };
  /** A place in the window of the latest blocks, and whether that block was missed. */
  "cosmos.slashing.v1beta1.MissedBlock": {
    readonly index: bigint;
    readonly missed: boolean;
  };
  /** Lets the signer's validator back into the set. */
  "cosmos.slashing.v1beta1.MsgUnjail": {
    /** The operator. */
    readonly validatorAddr: string;
  };
  /** Nothing. */
  "cosmos.slashing.v1beta1.MsgUnjailResponse": {};
  /** Changes the module's parameters; all of them must be given. */
  "cosmos.slashing.v1beta1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly params: Messages["cosmos.slashing.v1beta1.Params"];
  };
  /** Nothing. */
  "cosmos.slashing.v1beta1.MsgUpdateParamsResponse": {};
  /** The module's rules. */
  "cosmos.slashing.v1beta1.Params": {
    /** How many of the latest blocks count. */
    readonly signedBlocksWindow: bigint;
    /** The share of them that a validator must sign. */
    readonly minSignedPerWindow: Uint8Array;
    /** How long a validator that missed too many stays out. */
    readonly downtimeJailDuration: Messages["google.protobuf.Duration"];
    /** The share of its stake that signing two blocks of one height costs. */
    readonly slashFractionDoubleSign: Uint8Array;
    /** The share of its stake that missing too many blocks costs. */
    readonly slashFractionDowntime: Uint8Array;
  };
  /** Nothing. */
  "cosmos.slashing.v1beta1.QueryParamsRequest": {};
  /** The parameters. */
  "cosmos.slashing.v1beta1.QueryParamsResponse": {
    readonly params: Messages["cosmos.slashing.v1beta1.Params"];
  };
  /** Which validator. */
  "cosmos.slashing.v1beta1.QuerySigningInfoRequest": {
    readonly consAddress: string;
  };
  /** Its record. */
  "cosmos.slashing.v1beta1.QuerySigningInfoResponse": {
    readonly valSigningInfo: Messages["cosmos.slashing.v1beta1.ValidatorSigningInfo"];
  };
  /** Which page. */
  "cosmos.slashing.v1beta1.QuerySigningInfosRequest": {
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** A page of records. */
  "cosmos.slashing.v1beta1.QuerySigningInfosResponse": {
    readonly info: readonly Messages["cosmos.slashing.v1beta1.ValidatorSigningInfo"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** A validator with its record. */
  "cosmos.slashing.v1beta1.SigningInfo": {
    readonly address: string;
    readonly validatorSigningInfo: Messages["cosmos.slashing.v1beta1.ValidatorSigningInfo"];
  };
  /** A validator with the blocks it missed. */
  "cosmos.slashing.v1beta1.ValidatorMissedBlocks": {
    readonly address: string;
    readonly missedBlocks: readonly Messages["cosmos.slashing.v1beta1.MissedBlock"][];
  };
  /** How reliably a validator has signed. */
  "cosmos.slashing.v1beta1.ValidatorSigningInfo": {
    readonly address: string;
    /** The height at which it joined the set. */
    readonly startHeight: bigint;
    /** Blocks it should have signed since its count began. */
    readonly indexOffset: bigint;
    /** Until when it stays out after a fault. */
    readonly jailedUntil: Messages["google.protobuf.Timestamp"];
    /** True after it signed two blocks of one height: it never comes back. */
    readonly tombstoned: boolean;
    /** Blocks it missed of the last signed_blocks_window. */
    readonly missedBlocksCounter: bigint;
  };
  /** A validator's commission and when it last changed. */
  "cosmos.staking.v1beta1.Commission": {
    readonly commissionRates: Messages["cosmos.staking.v1beta1.CommissionRates"];
    readonly updateTime: Messages["google.protobuf.Timestamp"];
  };
  /** What share of its delegators' rewards a validator keeps. */
  "cosmos.staking.v1beta1.CommissionRates": {
    /** The share kept now, such as 0.1. */
    readonly rate: string;
    /** The share that rate may never pass. */
    readonly maxRate: string;
    /** How much rate may change in a day. */
    readonly maxChangeRate: string;
  };
  /** A delegator and a validator. */
  "cosmos.staking.v1beta1.DVPair": {
    readonly delegatorAddress: string;
    readonly validatorAddress: string;
  };
  /** Several pairs of delegator and validator. */
  "cosmos.staking.v1beta1.DVPairs": {
    readonly pairs: readonly Messages["cosmos.staking.v1beta1.DVPair"][];
  };
  /** A delegator, a validator left and a validator joined. */
  "cosmos.staking.v1beta1.DVVTriplet": {
    readonly delegatorAddress: string;
    readonly validatorSrcAddress: string;
    readonly validatorDstAddress: string;
  };
  /** Several such triplets. */
  "cosmos.staking.v1beta1.DVVTriplets": {
    readonly triplets: readonly Messages["cosmos.staking.v1beta1.DVVTriplet"][];
  };
  /** One delegator's shares of one validator's stake. */
  "cosmos.staking.v1beta1.Delegation": {
    readonly delegatorAddress: string;
    readonly validatorAddress: string;
    readonly shares: string;
  };
  /** A delegation with what it is worth. */
  "cosmos.staking.v1beta1.DelegationResponse": {
    readonly delegation: Messages["cosmos.staking.v1beta1.Delegation"];
    readonly balance: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** What a validator says about itself. */
  "cosmos.staking.v1beta1.Description": {
    /** A name people read. */
    readonly moniker: string;
    /** A key at an identity service. */
    readonly identity: string;
    readonly website: string;
    /** Where to report a weakness. */
    readonly securityContact: string;
    readonly details: string;
  };
  /** The module's state at genesis. */
  "cosmos.staking.v1beta1.GenesisState": {
    readonly params: Messages["cosmos.staking.v1beta1.Params"];
    /** The power of the whole set when the state was exported. */
    readonly lastTotalPower: Uint8Array;
    readonly lastValidatorPowers: readonly Messages["cosmos.staking.v1beta1.LastValidatorPower"][];
    readonly validators: readonly Messages["cosmos.staking.v1beta1.Validator"][];
    readonly delegations: readonly Messages["cosmos.staking.v1beta1.Delegation"][];
    readonly unbondingDelegations: readonly Messages["cosmos.staking.v1beta1.UnbondingDelegation"][];
    readonly redelegations: readonly Messages["cosmos.staking.v1beta1.Redelegation"][];
    /** True: exported from a running chain. */
    readonly exported: boolean;
  };
  /** A past header with the validators of its height, kept for light clients on other chains. */
  "cosmos.staking.v1beta1.HistoricalInfo": {
    readonly header: Messages["tendermint.types.Header"];
    readonly valset: readonly Messages["cosmos.staking.v1beta1.Validator"][];
  };
  /** A validator's power in the last block. */
  "cosmos.staking.v1beta1.LastValidatorPower": {
    readonly address: string;
    readonly power: bigint;
  };
  /** Moves stake from one validator to another without unbinding it. */
  "cosmos.staking.v1beta1.MsgBeginRedelegate": {
    /** Whose stake. */
    readonly delegatorAddress: string;
    /** The validator left. */
    readonly validatorSrcAddress: string;
    /** The validator joined. */
    readonly validatorDstAddress: string;
    /** How much, such as 10uopen. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** When the move is complete. */
  "cosmos.staking.v1beta1.MsgBeginRedelegateResponse": {
    readonly completionTime: Messages["google.protobuf.Timestamp"];
  };
  /** Takes back a withdrawal that has not been paid out. */
  "cosmos.staking.v1beta1.MsgCancelUnbondingDelegation": {
    readonly delegatorAddress: string;
    readonly validatorAddress: string;
    /** How much of it. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
    /** The height at which the withdrawal began. */
    readonly creationHeight: bigint;
  };
  /** Nothing. */
  "cosmos.staking.v1beta1.MsgCancelUnbondingDelegationResponse": {};
  /** Makes the signer a validator. */
  "cosmos.staking.v1beta1.MsgCreateValidator": {
    readonly description: Messages["cosmos.staking.v1beta1.Description"];
    readonly commission: Messages["cosmos.staking.v1beta1.CommissionRates"];
    /** The least the operator itself must delegate. */
    readonly minSelfDelegation: string;
    /** Follows from validator_address. */
    readonly delegatorAddress: string;
    /** The operator's address, bech32 with the valoper prefix. */
    readonly validatorAddress: string;
    /** The key that will sign blocks. */
    readonly pubkey: Messages["google.protobuf.Any"] | undefined;
    /** What the operator delegates to itself. */
    readonly value: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** Nothing. */
  "cosmos.staking.v1beta1.MsgCreateValidatorResponse": {};
  /** Stakes coins with a validator. */
  "cosmos.staking.v1beta1.MsgDelegate": {
    /** Who stakes. */
    readonly delegatorAddress: string;
    /** With which validator. */
    readonly validatorAddress: string;
    /** How much, such as 10uopen. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** Nothing. */
  "cosmos.staking.v1beta1.MsgDelegateResponse": {};
  /** Changes a validator's description, commission or least self-delegation. */
  "cosmos.staking.v1beta1.MsgEditValidator": {
    /** A field "[do-not-modify]" stays as it is. */
    readonly description: Messages["cosmos.staking.v1beta1.Description"];
    readonly validatorAddress: string;
    /** The new commission rate; empty to leave it. */
    readonly commissionRate: string;
    /** The new least self-delegation, which may only grow; empty to leave it. */
    readonly minSelfDelegation: string;
  };
  /** Nothing. */
  "cosmos.staking.v1beta1.MsgEditValidatorResponse": {};
  /** Withdraws stake from a validator. */
  "cosmos.staking.v1beta1.MsgUndelegate": {
    /** Whose stake. */
    readonly delegatorAddress: string;
    /** From which validator. */
    readonly validatorAddress: string;
    /** How much, such as 10uopen. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** When the stake is paid out, and how much. */
  "cosmos.staking.v1beta1.MsgUndelegateResponse": {
    readonly completionTime: Messages["google.protobuf.Timestamp"];
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** Changes the module's parameters; all of them must be given. */
  "cosmos.staking.v1beta1.MsgUpdateParams": {
    /** Who may change them. */
    readonly authority: string;
    readonly params: Messages["cosmos.staking.v1beta1.Params"];
  };
  /** Nothing. */
  "cosmos.staking.v1beta1.MsgUpdateParamsResponse": {};
  /** The module's rules. */
  "cosmos.staking.v1beta1.Params": {
    /** How long stake stays bound after it is withdrawn. */
    readonly unbondingTime: Messages["google.protobuf.Duration"];
    /** The most validators in the set. */
    readonly maxValidators: number;
    /** The most open withdrawals or moves between the same parties. */
    readonly maxEntries: number;
    /** How many past headers are kept. */
    readonly historicalEntries: number;
    /** The denomination that is staked. */
    readonly bondDenom: string;
    /** The least commission a validator may ask. */
    readonly minCommissionRate: string;
  };
  /** Stake in and out of the set. */
  "cosmos.staking.v1beta1.Pool": {
    readonly notBondedTokens: string;
    readonly bondedTokens: string;
  };
  /** Asks for one delegator's stake with one validator. */
  "cosmos.staking.v1beta1.QueryDelegationRequest": {
    readonly delegatorAddr: string;
    /** The operator's address. */
    readonly validatorAddr: string;
  };
  /** One delegator's stake with one validator. */
  "cosmos.staking.v1beta1.QueryDelegationResponse": {
    readonly delegationResponse: Messages["cosmos.staking.v1beta1.DelegationResponse"] | undefined;
  };
  /** Asks for one delegator's delegations. */
  "cosmos.staking.v1beta1.QueryDelegatorDelegationsRequest": {
    readonly delegatorAddr: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** One delegator's delegations. */
  "cosmos.staking.v1beta1.QueryDelegatorDelegationsResponse": {
    readonly delegationResponses: readonly Messages["cosmos.staking.v1beta1.DelegationResponse"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for one delegator's stake that is leaving validators. */
  "cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsRequest": {
    readonly delegatorAddr: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** One delegator's stake that is leaving validators. */
  "cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsResponse": {
    readonly unbondingResponses: readonly Messages["cosmos.staking.v1beta1.UnbondingDelegation"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for one of the validators a delegator stakes with. */
  "cosmos.staking.v1beta1.QueryDelegatorValidatorRequest": {
    readonly delegatorAddr: string;
    /** The operator's address. */
    readonly validatorAddr: string;
  };
  /** One of the validators a delegator stakes with. */
  "cosmos.staking.v1beta1.QueryDelegatorValidatorResponse": {
    readonly validator: Messages["cosmos.staking.v1beta1.Validator"];
  };
  /** Asks for the validators one delegator stakes with. */
  "cosmos.staking.v1beta1.QueryDelegatorValidatorsRequest": {
    readonly delegatorAddr: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The validators one delegator stakes with. */
  "cosmos.staking.v1beta1.QueryDelegatorValidatorsResponse": {
    readonly validators: readonly Messages["cosmos.staking.v1beta1.Validator"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for a past header and its validators. */
  "cosmos.staking.v1beta1.QueryHistoricalInfoRequest": {
    readonly height: bigint;
  };
  /** A past header and its validators. */
  "cosmos.staking.v1beta1.QueryHistoricalInfoResponse": {
    readonly hist: Messages["cosmos.staking.v1beta1.HistoricalInfo"] | undefined;
  };
  /** Asks for the module's parameters. */
  "cosmos.staking.v1beta1.QueryParamsRequest": {};
  /** The module's parameters. */
  "cosmos.staking.v1beta1.QueryParamsResponse": {
    readonly params: Messages["cosmos.staking.v1beta1.Params"];
  };
  /** Asks how much is staked. */
  "cosmos.staking.v1beta1.QueryPoolRequest": {};
  /** How much is staked. */
  "cosmos.staking.v1beta1.QueryPoolResponse": {
    readonly pool: Messages["cosmos.staking.v1beta1.Pool"];
  };
  /** Asks for one delegator's moves of stake. */
  "cosmos.staking.v1beta1.QueryRedelegationsRequest": {
    readonly delegatorAddr: string;
    /** Only those from this validator; empty for all. */
    readonly srcValidatorAddr: string;
    /** Only those to this validator; empty for all. */
    readonly dstValidatorAddr: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** Moves of stake. */
  "cosmos.staking.v1beta1.QueryRedelegationsResponse": {
    readonly redelegationResponses: readonly Messages["cosmos.staking.v1beta1.RedelegationResponse"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for one delegator's stake leaving one validator. */
  "cosmos.staking.v1beta1.QueryUnbondingDelegationRequest": {
    readonly delegatorAddr: string;
    /** The operator's address. */
    readonly validatorAddr: string;
  };
  /** One delegator's stake leaving one validator. */
  "cosmos.staking.v1beta1.QueryUnbondingDelegationResponse": {
    readonly unbond: Messages["cosmos.staking.v1beta1.UnbondingDelegation"];
  };
  /** Asks for the delegations to one validator. */
  "cosmos.staking.v1beta1.QueryValidatorDelegationsRequest": {
    /** The operator's address. */
    readonly validatorAddr: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The delegations to one validator. */
  "cosmos.staking.v1beta1.QueryValidatorDelegationsResponse": {
    readonly delegationResponses: readonly Messages["cosmos.staking.v1beta1.DelegationResponse"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for one validator. */
  "cosmos.staking.v1beta1.QueryValidatorRequest": {
    /** The operator's address. */
    readonly validatorAddr: string;
  };
  /** One validator. */
  "cosmos.staking.v1beta1.QueryValidatorResponse": {
    readonly validator: Messages["cosmos.staking.v1beta1.Validator"];
  };
  /** Asks for the stake leaving one validator. */
  "cosmos.staking.v1beta1.QueryValidatorUnbondingDelegationsRequest": {
    /** The operator's address. */
    readonly validatorAddr: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** The stake leaving one validator. */
  "cosmos.staking.v1beta1.QueryValidatorUnbondingDelegationsResponse": {
    readonly unbondingResponses: readonly Messages["cosmos.staking.v1beta1.UnbondingDelegation"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for validators. */
  "cosmos.staking.v1beta1.QueryValidatorsRequest": {
    /** Only those of this status, such as BOND_STATUS_BONDED; empty for all. */
    readonly status: string;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** One page of validators. */
  "cosmos.staking.v1beta1.QueryValidatorsResponse": {
    readonly validators: readonly Messages["cosmos.staking.v1beta1.Validator"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Moves of stake by one delegator from one validator to another. */
  "cosmos.staking.v1beta1.Redelegation": {
    readonly delegatorAddress: string;
    readonly validatorSrcAddress: string;
    readonly validatorDstAddress: string;
    readonly entries: readonly Messages["cosmos.staking.v1beta1.RedelegationEntry"][];
  };
  /** One move of stake between validators. */
  "cosmos.staking.v1beta1.RedelegationEntry": {
    /** The height at which it began. */
    readonly creationHeight: bigint;
    /** Until when the stake still answers for the validator left. */
    readonly completionTime: Messages["google.protobuf.Timestamp"];
    /** How much was moved. */
    readonly initialBalance: string;
    /** The shares it became. */
    readonly sharesDst: string;
    readonly unbondingId: bigint;
    readonly unbondingOnHoldRefCount: bigint;
  };
  /** A move of stake with what it is worth. */
  "cosmos.staking.v1beta1.RedelegationEntryResponse": {
    readonly redelegationEntry: Messages["cosmos.staking.v1beta1.RedelegationEntry"];
    readonly balance: string;
  };
  /** Moves of stake with what they are worth. */
  "cosmos.staking.v1beta1.RedelegationResponse": {
    readonly redelegation: Messages["cosmos.staking.v1beta1.Redelegation"];
    readonly entries: readonly Messages["cosmos.staking.v1beta1.RedelegationEntryResponse"][];
  };
  /** A grant to stake for another account. */
  "cosmos.staking.v1beta1.StakeAuthorization": {
    /** The most that may be staked; absent for no bound. */
    readonly maxTokens: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    readonly allowList?: Messages["cosmos.staking.v1beta1.StakeAuthorization.Validators"] | undefined;
    readonly denyList?: Messages["cosmos.staking.v1beta1.StakeAuthorization.Validators"] | undefined;
    readonly authorizationType: number;
  };
  /** Several validators. */
  "cosmos.staking.v1beta1.StakeAuthorization.Validators": {
    readonly address: readonly string[];
  };
  /** Stake of one delegator that is leaving one validator. */
  "cosmos.staking.v1beta1.UnbondingDelegation": {
    readonly delegatorAddress: string;
    readonly validatorAddress: string;
    readonly entries: readonly Messages["cosmos.staking.v1beta1.UnbondingDelegationEntry"][];
  };
  /** One withdrawal of stake. */
  "cosmos.staking.v1beta1.UnbondingDelegationEntry": {
    /** The height at which it began. */
    readonly creationHeight: bigint;
    /** When the coins are paid out. */
    readonly completionTime: Messages["google.protobuf.Timestamp"];
    /** How much was withdrawn. */
    readonly initialBalance: string;
    /** How much will be paid out. */
    readonly balance: string;
    readonly unbondingId: bigint;
    readonly unbondingOnHoldRefCount: bigint;
  };
  /** Several operator addresses. */
  "cosmos.staking.v1beta1.ValAddresses": {
    readonly addresses: readonly string[];
  };
  /** A validator and the stake behind it. */
  "cosmos.staking.v1beta1.Validator": {
    /** The operator's address, bech32 with the valoper prefix. */
    readonly operatorAddress: string;
    /** The key it signs blocks with. */
    readonly consensusPubkey: Messages["google.protobuf.Any"] | undefined;
    /** True: kept out of the set for a fault. */
    readonly jailed: boolean;
    readonly status: number;
    /** All stake delegated to it. */
    readonly tokens: string;
    /** The shares of that stake. */
    readonly delegatorShares: string;
    readonly description: Messages["cosmos.staking.v1beta1.Description"];
    /** Where unbonding began, if it did. */
    readonly unbondingHeight: bigint;
    /** When unbonding ends, if it began. */
    readonly unbondingTime: Messages["google.protobuf.Timestamp"];
    readonly commission: Messages["cosmos.staking.v1beta1.Commission"];
    /** The least the operator itself must delegate. */
    readonly minSelfDelegation: string;
    /** How many times unbonding was put on hold. */
    readonly unbondingOnHoldRefCount: bigint;
    readonly unbondingIds: readonly bigint[];
  };
  /** Changes of the set, as they go to the consensus engine. */
  "cosmos.staking.v1beta1.ValidatorUpdates": {
    readonly updates: readonly Messages["tendermint.abci.ValidatorUpdate"][];
  };
  /** Metadata is what ABCI carries as opaque bytes. */
  "cosmos.store.snapshots.v1.Metadata": {
    /** sha256 of each chunk. */
    readonly chunkHashes: readonly Uint8Array[];
  };
  /** Snapshot describes one snapshot. */
  "cosmos.store.snapshots.v1.Snapshot": {
    readonly height: bigint;
    readonly format: number;
    readonly chunks: number;
    /** sha256 of all chunks one after the other. */
    readonly hash: Uint8Array;
    readonly metadata: Messages["cosmos.store.snapshots.v1.Metadata"];
  };
  /** SnapshotExtensionMeta begins an extension. */
  "cosmos.store.snapshots.v1.SnapshotExtensionMeta": {
    readonly name: string;
    readonly format: number;
  };
  /** SnapshotExtensionPayload is one piece of an extension. */
  "cosmos.store.snapshots.v1.SnapshotExtensionPayload": {
    readonly payload: Uint8Array;
  };
  /** SnapshotIAVLItem is one node of the store's tree; nodes come depth first, children before their parent. */
  "cosmos.store.snapshots.v1.SnapshotIAVLItem": {
    readonly key: Uint8Array;
    readonly value: Uint8Array;
    /** The height at which the node was made. */
    readonly version: bigint;
    /** 0 for a leaf. */
    readonly height: number;
  };
  /** SnapshotItem is one length-prefixed message of the stream that the chunks hold, compressed with zlib. */
  "cosmos.store.snapshots.v1.SnapshotItem": {
    readonly store?: Messages["cosmos.store.snapshots.v1.SnapshotStoreItem"] | undefined;
    readonly iavl?: Messages["cosmos.store.snapshots.v1.SnapshotIAVLItem"] | undefined;
    readonly extension?: Messages["cosmos.store.snapshots.v1.SnapshotExtensionMeta"] | undefined;
    readonly extensionPayload?: Messages["cosmos.store.snapshots.v1.SnapshotExtensionPayload"] | undefined;
  };
  /** SnapshotStoreItem begins a store. */
  "cosmos.store.snapshots.v1.SnapshotStoreItem": {
    readonly name: string;
  };
  /** A signature with its key and the sequence it was made for. */
  "cosmos.tx.signing.v1beta1.SignatureDescriptor": {
    readonly publicKey: Messages["google.protobuf.Any"] | undefined;
    readonly data: Messages["cosmos.tx.signing.v1beta1.SignatureDescriptor.Data"] | undefined;
    readonly sequence: bigint;
  };
  /** A signature of one key or of several. */
  "cosmos.tx.signing.v1beta1.SignatureDescriptor.Data": {
    readonly single?: Messages["cosmos.tx.signing.v1beta1.SignatureDescriptor.Data.Single"] | undefined;
    readonly multi?: Messages["cosmos.tx.signing.v1beta1.SignatureDescriptor.Data.Multi"] | undefined;
  };
  /** Signatures of a multisig's members. */
  "cosmos.tx.signing.v1beta1.SignatureDescriptor.Data.Multi": {
    readonly bitarray: Messages["cosmos.crypto.multisig.v1beta1.CompactBitArray"] | undefined;
    readonly signatures: readonly Messages["cosmos.tx.signing.v1beta1.SignatureDescriptor.Data"][];
  };
  /** A signature of one key. */
  "cosmos.tx.signing.v1beta1.SignatureDescriptor.Data.Single": {
    readonly mode: number;
    readonly signature: Uint8Array;
  };
  /** Several signatures with their keys. */
  "cosmos.tx.signing.v1beta1.SignatureDescriptors": {
    readonly signatures: readonly Messages["cosmos.tx.signing.v1beta1.SignatureDescriptor"][];
  };
  /** Who signs a transaction and what it pays. */
  "cosmos.tx.v1beta1.AuthInfo": {
    /** One for each signer; the first pays the fee unless it says otherwise. */
    readonly signerInfos: readonly Messages["cosmos.tx.v1beta1.SignerInfo"][];
    readonly fee: Messages["cosmos.tx.v1beta1.Fee"] | undefined;
    readonly tip: Messages["cosmos.tx.v1beta1.Tip"] | undefined;
  };
  /** What an auxiliary signer hands to the fee payer. */
  "cosmos.tx.v1beta1.AuxSignerData": {
    readonly address: string;
    readonly signDoc: Messages["cosmos.tx.v1beta1.SignDocDirectAux"] | undefined;
    readonly mode: number;
    readonly sig: Uint8Array;
  };
  /** A signed transaction to be sent. */
  "cosmos.tx.v1beta1.BroadcastTxRequest": {
    readonly txBytes: Uint8Array;
    readonly mode: number;
  };
  /** What became of the transaction sent. */
  "cosmos.tx.v1beta1.BroadcastTxResponse": {
    readonly txResponse: Messages["cosmos.base.abci.v1beta1.TxResponse"] | undefined;
  };
  /** What a transaction pays. */
  "cosmos.tx.v1beta1.Fee": {
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** The most gas it may use. */
    readonly gasLimit: bigint;
    /** Who pays; must be a signer. Empty for the first signer. */
    readonly payer: string;
    /** Whose fee grant pays. */
    readonly granter: string;
  };
  /** Asks for a block with its transactions taken apart. */
  "cosmos.tx.v1beta1.GetBlockWithTxsRequest": {
    readonly height: bigint;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** A block with its transactions taken apart. */
  "cosmos.tx.v1beta1.GetBlockWithTxsResponse": {
    readonly txs: readonly Messages["cosmos.tx.v1beta1.Tx"][];
    readonly blockId: Messages["tendermint.types.BlockID"] | undefined;
    readonly block: Messages["tendermint.types.Block"] | undefined;
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Asks for one transaction. */
  "cosmos.tx.v1beta1.GetTxRequest": {
    /** Its hash, hex. */
    readonly hash: string;
  };
  /** One transaction. */
  "cosmos.tx.v1beta1.GetTxResponse": {
    readonly tx: Messages["cosmos.tx.v1beta1.Tx"] | undefined;
    readonly txResponse: Messages["cosmos.base.abci.v1beta1.TxResponse"] | undefined;
  };
  /** Asks for transactions by their events. */
  "cosmos.tx.v1beta1.GetTxsEventRequest": {
    readonly events: readonly string[];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
    readonly orderBy: number;
    /** The page's number, from 1. */
    readonly page: bigint;
    /** The most results on a page. */
    readonly limit: bigint;
    /** Conditions on events, such as "message.action='/cosmos.bank.v1beta1.MsgSend'". */
    readonly query: string;
  };
  /** The transactions found. */
  "cosmos.tx.v1beta1.GetTxsEventResponse": {
    readonly txs: readonly Messages["cosmos.tx.v1beta1.Tx"][];
    readonly txResponses: readonly Messages["cosmos.base.abci.v1beta1.TxResponse"][];
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
    /** How many there are in all. */
    readonly total: bigint;
  };
  /** How a signer signs. */
  "cosmos.tx.v1beta1.ModeInfo": {
    readonly single?: Messages["cosmos.tx.v1beta1.ModeInfo.Single"] | undefined;
    readonly multi?: Messages["cosmos.tx.v1beta1.ModeInfo.Multi"] | undefined;
  };
  /** The modes of a multisig's members. */
  "cosmos.tx.v1beta1.ModeInfo.Multi": {
    /** Which members signed. */
    readonly bitarray: Messages["cosmos.crypto.multisig.v1beta1.CompactBitArray"] | undefined;
    readonly modeInfos: readonly Messages["cosmos.tx.v1beta1.ModeInfo"][];
  };
  /** One key's mode. */
  "cosmos.tx.v1beta1.ModeInfo.Single": {
    readonly mode: number;
  };
  /** What SIGN_MODE_DIRECT signs. */
  "cosmos.tx.v1beta1.SignDoc": {
    readonly bodyBytes: Uint8Array;
    readonly authInfoBytes: Uint8Array;
    readonly chainId: string;
    readonly accountNumber: bigint;
  };
  /** What SIGN_MODE_DIRECT_AUX signs. */
  "cosmos.tx.v1beta1.SignDocDirectAux": {
    readonly bodyBytes: Uint8Array;
    readonly publicKey: Messages["google.protobuf.Any"] | undefined;
    readonly chainId: string;
    readonly accountNumber: bigint;
    readonly sequence: bigint;
    readonly tip: Messages["cosmos.tx.v1beta1.Tip"] | undefined;
  };
  /** One signer. */
  "cosmos.tx.v1beta1.SignerInfo": {
    /** The signer's key; may be left out once the account holds it. */
    readonly publicKey: Messages["google.protobuf.Any"] | undefined;
    readonly modeInfo: Messages["cosmos.tx.v1beta1.ModeInfo"] | undefined;
    /** The account's sequence, against replay. */
    readonly sequence: bigint;
  };
  /** A transaction to be simulated; its signatures may be empty. */
  "cosmos.tx.v1beta1.SimulateRequest": {
    readonly tx: Messages["cosmos.tx.v1beta1.Tx"] | undefined;
    readonly txBytes: Uint8Array;
  };
  /** The gas a transaction would use and what it would give. */
  "cosmos.tx.v1beta1.SimulateResponse": {
    readonly gasInfo: Messages["cosmos.base.abci.v1beta1.GasInfo"] | undefined;
    readonly result: Messages["cosmos.base.abci.v1beta1.Result"] | undefined;
  };
  /** A tip; no longer used. */
  "cosmos.tx.v1beta1.Tip": {
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly tipper: string;
  };
  /** A transaction, taken apart. Signatures cover a TxRaw's bytes, which this may not reproduce. */
  "cosmos.tx.v1beta1.Tx": {
    readonly body: Messages["cosmos.tx.v1beta1.TxBody"] | undefined;
    readonly authInfo: Messages["cosmos.tx.v1beta1.AuthInfo"] | undefined;
    readonly signatures: readonly Uint8Array[];
  };
  /** What a transaction does. */
  "cosmos.tx.v1beta1.TxBody": {
    /** Run in order, all or none. */
    readonly messages: readonly Messages["google.protobuf.Any"][];
    /** A note for people; no code heeds it. */
    readonly memo: string;
    /** The last height whose block may hold this transaction; 0 for none. */
    readonly timeoutHeight: bigint;
    /** True: the sequence is not checked and timeout_timestamp must be set. */
    readonly unordered: boolean;
    /** The block time after which this transaction may not be included. */
    readonly timeoutTimestamp: Messages["google.protobuf.Timestamp"] | undefined;
    /** Chain-specific options; unknown ones are refused. */
    readonly extensionOptions: readonly Messages["google.protobuf.Any"][];
    /** Chain-specific options; unknown ones are ignored. */
    readonly nonCriticalExtensionOptions: readonly Messages["google.protobuf.Any"][];
  };
  /** Amino bytes to turn into amino JSON. */
  "cosmos.tx.v1beta1.TxDecodeAminoRequest": {
    readonly aminoBinary: Uint8Array;
  };
  /** Amino JSON. */
  "cosmos.tx.v1beta1.TxDecodeAminoResponse": {
    readonly aminoJson: string;
  };
  /** Transaction bytes to take apart. */
  "cosmos.tx.v1beta1.TxDecodeRequest": {
    readonly txBytes: Uint8Array;
  };
  /** A transaction taken apart. */
  "cosmos.tx.v1beta1.TxDecodeResponse": {
    readonly tx: Messages["cosmos.tx.v1beta1.Tx"] | undefined;
  };
  /** Amino JSON to turn into amino bytes. */
  "cosmos.tx.v1beta1.TxEncodeAminoRequest": {
    readonly aminoJson: string;
  };
  /** Amino bytes. */
  "cosmos.tx.v1beta1.TxEncodeAminoResponse": {
    readonly aminoBinary: Uint8Array;
  };
  /** A transaction to put together. */
  "cosmos.tx.v1beta1.TxEncodeRequest": {
    readonly tx: Messages["cosmos.tx.v1beta1.Tx"] | undefined;
  };
  /** A transaction's bytes. */
  "cosmos.tx.v1beta1.TxEncodeResponse": {
    readonly txBytes: Uint8Array;
  };
  /** A transaction as it is sent: the signed bytes of body and auth info, kept as they came (ADR-027). */
  "cosmos.tx.v1beta1.TxRaw": {
    readonly bodyBytes: Uint8Array;
    readonly authInfoBytes: Uint8Array;
    /** One for each signer, in their order. */
    readonly signatures: readonly Uint8Array[];
  };
  /** The old content of a proposal not to upgrade. It can be read; MsgCancelUpgrade has taken its place. */
  "cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal": {
    readonly title: string;
    readonly description: string;
  };
  /** A module and the version of its state. */
  "cosmos.upgrade.v1beta1.ModuleVersion": {
    readonly name: string;
    readonly version: bigint;
  };
  /** Gives up the planned upgrade; without one it does nothing. */
  "cosmos.upgrade.v1beta1.MsgCancelUpgrade": {
    /** Who may give it up. */
    readonly authority: string;
  };
  /** Nothing. */
  "cosmos.upgrade.v1beta1.MsgCancelUpgradeResponse": {};
  /** Plans an upgrade; an earlier plan is replaced. */
  "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade": {
    /** Who may plan it. */
    readonly authority: string;
    readonly plan: Messages["cosmos.upgrade.v1beta1.Plan"];
  };
  /** Nothing. */
  "cosmos.upgrade.v1beta1.MsgSoftwareUpgradeResponse": {};
  /** When the chain goes on with another program. */
  "cosmos.upgrade.v1beta1.Plan": {
    /** Names the upgrade, once and for all; the new program knows it by this name. */
    readonly name: string;
    /** Not used: upgrades are at heights. */
    readonly time: Messages["google.protobuf.Timestamp"];
    /** The height of the first block that the new program makes. */
    readonly height: bigint;
    /** For operators: where the new program is, for example. */
    readonly info: string;
    /** Not used: IBC has its own. */
    readonly upgradedClientState: Messages["google.protobuf.Any"] | undefined;
  };
  /** Asks for an upgrade that was made. */
  "cosmos.upgrade.v1beta1.QueryAppliedPlanRequest": {
    readonly name: string;
  };
  /** The height of its first block, 0 when it was not made. */
  "cosmos.upgrade.v1beta1.QueryAppliedPlanResponse": {
    readonly height: bigint;
  };
  /** Asks for the authority. */
  "cosmos.upgrade.v1beta1.QueryAuthorityRequest": {};
  /** The authority. */
  "cosmos.upgrade.v1beta1.QueryAuthorityResponse": {
    readonly address: string;
  };
  /** Asks for the planned upgrade. */
  "cosmos.upgrade.v1beta1.QueryCurrentPlanRequest": {};
  /** The planned upgrade, if there is one. */
  "cosmos.upgrade.v1beta1.QueryCurrentPlanResponse": {
    readonly plan: Messages["cosmos.upgrade.v1beta1.Plan"] | undefined;
  };
  /** Asks for versions. */
  "cosmos.upgrade.v1beta1.QueryModuleVersionsRequest": {
    /** One module; empty for all. */
    readonly moduleName: string;
  };
  /** Versions, by name. */
  "cosmos.upgrade.v1beta1.QueryModuleVersionsResponse": {
    readonly moduleVersions: readonly Messages["cosmos.upgrade.v1beta1.ModuleVersion"][];
  };
  /** Asks for a consensus state. */
  "cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateRequest": {
    /** The last height of the program before. */
    readonly lastHeight: bigint;
  };
  /** Empty. */
  "cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateResponse": {
    readonly upgradedConsensusState: Uint8Array;
  };
  /** The old content of a proposal to upgrade. It can be read; MsgSoftwareUpgrade has taken its place. */
  "cosmos.upgrade.v1beta1.SoftwareUpgradeProposal": {
    readonly title: string;
    readonly description: string;
    readonly plan: Messages["cosmos.upgrade.v1beta1.Plan"];
  };
  /** What all accounts whose coins come free over time have in common. */
  "cosmos.vesting.v1beta1.BaseVestingAccount": {
    readonly baseAccount: Messages["cosmos.auth.v1beta1.BaseAccount"] | undefined;
    readonly originalVesting: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly delegatedFree: readonly Messages["cosmos.base.v1beta1.Coin"][];
    readonly delegatedVesting: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** When all coins are free, unix seconds. */
    readonly endTime: bigint;
  };
  /** Coins come free evenly from start to end. */
  "cosmos.vesting.v1beta1.ContinuousVestingAccount": {
    readonly baseVestingAccount: Messages["cosmos.vesting.v1beta1.BaseVestingAccount"] | undefined;
    /** Unix seconds. */
    readonly startTime: bigint;
  };
  /** All coins come free at the end. */
  "cosmos.vesting.v1beta1.DelayedVestingAccount": {
    readonly baseVestingAccount: Messages["cosmos.vesting.v1beta1.BaseVestingAccount"] | undefined;
  };
  /** Pays coins to a new account, where they come free in steps. */
  "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount": {
    /** Who pays. */
    readonly fromAddress: string;
    /** The new account. */
    readonly toAddress: string;
    /** When the first step begins, unix seconds. */
    readonly startTime: bigint;
    /** The steps, one after another. */
    readonly vestingPeriods: readonly Messages["cosmos.vesting.v1beta1.Period"][];
  };
  /** Nothing. */
  "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccountResponse": {};
  /** Pays coins to a new account, where they stay locked. */
  "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount": {
    /** Who pays. */
    readonly fromAddress: string;
    /** The new account. */
    readonly toAddress: string;
    /** How much, such as 10uopen. */
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Nothing. */
  "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccountResponse": {};
  /** Pays coins to a new account, where they come free by the end time. */
  "cosmos.vesting.v1beta1.MsgCreateVestingAccount": {
    /** Who pays. */
    readonly fromAddress: string;
    /** The new account. */
    readonly toAddress: string;
    /** How much, such as 10uopen. */
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** When all coins are free, unix seconds. */
    readonly endTime: bigint;
    /** True: all at the end; false: evenly from now on. */
    readonly delayed: boolean;
  };
  /** Nothing. */
  "cosmos.vesting.v1beta1.MsgCreateVestingAccountResponse": {};
  /** A step of a periodic account. */
  "cosmos.vesting.v1beta1.Period": {
    /** Seconds since the step before. */
    readonly length: bigint;
    readonly amount: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** Coins come free in steps. */
  "cosmos.vesting.v1beta1.PeriodicVestingAccount": {
    readonly baseVestingAccount: Messages["cosmos.vesting.v1beta1.BaseVestingAccount"] | undefined;
    /** Unix seconds. */
    readonly startTime: bigint;
    readonly vestingPeriods: readonly Messages["cosmos.vesting.v1beta1.Period"][];
  };
  /** Coins never come free, but may be delegated. */
  "cosmos.vesting.v1beta1.PermanentLockedAccount": {
    readonly baseVestingAccount: Messages["cosmos.vesting.v1beta1.BaseVestingAccount"] | undefined;
  };
  "google.protobuf.Any": {
    readonly typeUrl: string;
    readonly value: Uint8Array;
  };
  "google.protobuf.Duration": {
    readonly seconds: bigint;
    readonly nanos: number;
  };
  "google.protobuf.Timestamp": {
    readonly seconds: bigint;
    readonly nanos: number;
  };
  /** ErrorResponse tells why there is no answer. */
  "grpc.reflection.v1.ErrorResponse": {
    /** A gRPC code. */
    readonly errorCode: number;
    readonly errorMessage: string;
  };
  /** ExtensionNumberResponse tells the extensions of a message. */
  "grpc.reflection.v1.ExtensionNumberResponse": {
    readonly baseTypeName: string;
    readonly extensionNumber: readonly number[];
  };
  /** ExtensionRequest names an extension. */
  "grpc.reflection.v1.ExtensionRequest": {
    readonly containingType: string;
    readonly extensionNumber: number;
  };
  /** FileDescriptorResponse holds a file and all it imports. */
  "grpc.reflection.v1.FileDescriptorResponse": {
    /** Each is proto(google.protobuf.FileDescriptorProto). */
    readonly fileDescriptorProto: readonly Uint8Array[];
  };
  /** ListServiceResponse tells the services. */
  "grpc.reflection.v1.ListServiceResponse": {
    readonly service: readonly Messages["grpc.reflection.v1.ServiceResponse"][];
  };
  /** ServerReflectionRequest is one question. */
  "grpc.reflection.v1.ServerReflectionRequest": {
    readonly host: string;
    /** The file of this name. */
    readonly fileByFilename?: string | undefined;
    /** The file that declares this message, enum, service or method, by its full name. */
    readonly fileContainingSymbol?: string | undefined;
    /** The file that declares an extension. */
    readonly fileContainingExtension?: Messages["grpc.reflection.v1.ExtensionRequest"] | undefined;
    /** The numbers of all extensions of a message. */
    readonly allExtensionNumbersOfType?: string | undefined;
    /** All services; the text means nothing. */
    readonly listServices?: string | undefined;
  };
  /** ServerReflectionResponse is one answer. */
  "grpc.reflection.v1.ServerReflectionResponse": {
    readonly validHost: string;
    readonly originalRequest: Messages["grpc.reflection.v1.ServerReflectionRequest"] | undefined;
    readonly fileDescriptorResponse?: Messages["grpc.reflection.v1.FileDescriptorResponse"] | undefined;
    readonly allExtensionNumbersResponse?: Messages["grpc.reflection.v1.ExtensionNumberResponse"] | undefined;
    readonly listServicesResponse?: Messages["grpc.reflection.v1.ListServiceResponse"] | undefined;
    readonly errorResponse?: Messages["grpc.reflection.v1.ErrorResponse"] | undefined;
  };
  /** ServiceResponse is one service. */
  "grpc.reflection.v1.ServiceResponse": {
    /** Its full name. */
    readonly name: string;
  };
  /** Who signed the block before. */
  "tendermint.abci.CommitInfo": {
    readonly round: number;
    readonly votes: readonly Messages["tendermint.abci.VoteInfo"][];
  };
  /** Something that happened. */
  "tendermint.abci.Event": {
    readonly type: string;
    readonly attributes: readonly Messages["tendermint.abci.EventAttribute"][];
  };
  /** One attribute of an event. */
  "tendermint.abci.EventAttribute": {
    readonly key: string;
    readonly value: string;
    /** True: it may be searched for. */
    readonly index: boolean;
  };
  /** What a transaction did. */
  "tendermint.abci.ExecTxResult": {
    readonly code: number;
    readonly data: Uint8Array;
    readonly log: string;
    readonly info: string;
    readonly gasWanted: bigint;
    readonly gasUsed: bigint;
    readonly events: readonly Messages["tendermint.abci.Event"][];
    readonly codespace: string;
  };
  /** Who signed the block before, with vote extensions. */
  "tendermint.abci.ExtendedCommitInfo": {
    readonly round: number;
    readonly votes: readonly Messages["tendermint.abci.ExtendedVoteInfo"][];
  };
  /** Whether a validator signed, and its vote extension. */
  "tendermint.abci.ExtendedVoteInfo": {
    readonly validator: Messages["tendermint.abci.Validator"];
    readonly voteExtension: Uint8Array;
    readonly extensionSignature: Uint8Array;
    readonly blockIdFlag: number;
  };
  /** A validator's proven fault. */
  "tendermint.abci.Misbehavior": {
    readonly type: number;
    readonly validator: Messages["tendermint.abci.Validator"];
    readonly height: bigint;
    readonly time: Messages["google.protobuf.Timestamp"];
    readonly totalVotingPower: bigint;
  };
  /** A request on the socket. */
  "tendermint.abci.Request": {
    readonly echo?: Messages["tendermint.abci.RequestEcho"] | undefined;
    readonly flush?: Messages["tendermint.abci.RequestFlush"] | undefined;
    readonly info?: Messages["tendermint.abci.RequestInfo"] | undefined;
    readonly initChain?: Messages["tendermint.abci.RequestInitChain"] | undefined;
    readonly query?: Messages["tendermint.abci.RequestQuery"] | undefined;
    readonly checkTx?: Messages["tendermint.abci.RequestCheckTx"] | undefined;
    readonly commit?: Messages["tendermint.abci.RequestCommit"] | undefined;
    readonly listSnapshots?: Messages["tendermint.abci.RequestListSnapshots"] | undefined;
    readonly offerSnapshot?: Messages["tendermint.abci.RequestOfferSnapshot"] | undefined;
    readonly loadSnapshotChunk?: Messages["tendermint.abci.RequestLoadSnapshotChunk"] | undefined;
    readonly applySnapshotChunk?: Messages["tendermint.abci.RequestApplySnapshotChunk"] | undefined;
    readonly prepareProposal?: Messages["tendermint.abci.RequestPrepareProposal"] | undefined;
    readonly processProposal?: Messages["tendermint.abci.RequestProcessProposal"] | undefined;
    readonly extendVote?: Messages["tendermint.abci.RequestExtendVote"] | undefined;
    readonly verifyVoteExtension?: Messages["tendermint.abci.RequestVerifyVoteExtension"] | undefined;
    readonly finalizeBlock?: Messages["tendermint.abci.RequestFinalizeBlock"] | undefined;
  };
  /** One chunk and who sent it. */
  "tendermint.abci.RequestApplySnapshotChunk": {
    readonly index: number;
    readonly chunk: Uint8Array;
    readonly sender: string;
  };
  /** A transaction to check. */
  "tendermint.abci.RequestCheckTx": {
    readonly tx: Uint8Array;
    readonly type: number;
  };
  /** Asks to keep what changed. */
  "tendermint.abci.RequestCommit": {};
  /** Text to return. */
  "tendermint.abci.RequestEcho": {
    readonly message: string;
  };
  /** The block that a precommit is for. */
  "tendermint.abci.RequestExtendVote": {
    readonly hash: Uint8Array;
    readonly height: bigint;
    readonly time: Messages["google.protobuf.Timestamp"];
    readonly txs: readonly Uint8Array[];
    readonly proposedLastCommit: Messages["tendermint.abci.CommitInfo"];
    readonly misbehavior: readonly Messages["tendermint.abci.Misbehavior"][];
    readonly nextValidatorsHash: Uint8Array;
    readonly proposerAddress: Uint8Array;
  };
  /** A decided block. */
  "tendermint.abci.RequestFinalizeBlock": {
    readonly txs: readonly Uint8Array[];
    readonly decidedLastCommit: Messages["tendermint.abci.CommitInfo"];
    readonly misbehavior: readonly Messages["tendermint.abci.Misbehavior"][];
    readonly hash: Uint8Array;
    readonly height: bigint;
    readonly time: Messages["google.protobuf.Timestamp"];
    readonly nextValidatorsHash: Uint8Array;
    readonly proposerAddress: Uint8Array;
  };
  /** Asks for the answers outstanding. */
  "tendermint.abci.RequestFlush": {};
  /** Tells who asks. */
  "tendermint.abci.RequestInfo": {
    readonly version: string;
    readonly blockVersion: bigint;
    readonly p2pVersion: bigint;
    readonly abciVersion: string;
  };
  /** The genesis. */
  "tendermint.abci.RequestInitChain": {
    readonly time: Messages["google.protobuf.Timestamp"];
    readonly chainId: string;
    readonly consensusParams: Messages["tendermint.types.ConsensusParams"] | undefined;
    readonly validators: readonly Messages["tendermint.abci.ValidatorUpdate"][];
    /** The app_state of the genesis file, JSON. */
    readonly appStateBytes: Uint8Array;
    readonly initialHeight: bigint;
  };
  /** Asks for the snapshots kept. */
  "tendermint.abci.RequestListSnapshots": {};
  /** Asks for one chunk. */
  "tendermint.abci.RequestLoadSnapshotChunk": {
    readonly height: bigint;
    readonly format: number;
    readonly chunk: number;
  };
  /** A snapshot to start from, and the app hash it must lead to. */
  "tendermint.abci.RequestOfferSnapshot": {
    readonly snapshot: Messages["tendermint.abci.Snapshot"] | undefined;
    readonly appHash: Uint8Array;
  };
  /** What a block may be made of. */
  "tendermint.abci.RequestPrepareProposal": {
    /** The most bytes its transactions may take. */
    readonly maxTxBytes: bigint;
    readonly txs: readonly Uint8Array[];
    readonly localLastCommit: Messages["tendermint.abci.ExtendedCommitInfo"];
    readonly misbehavior: readonly Messages["tendermint.abci.Misbehavior"][];
    readonly height: bigint;
    readonly time: Messages["google.protobuf.Timestamp"];
    readonly nextValidatorsHash: Uint8Array;
    readonly proposerAddress: Uint8Array;
  };
  /** A proposed block. */
  "tendermint.abci.RequestProcessProposal": {
    readonly txs: readonly Uint8Array[];
    readonly proposedLastCommit: Messages["tendermint.abci.CommitInfo"];
    readonly misbehavior: readonly Messages["tendermint.abci.Misbehavior"][];
    readonly hash: Uint8Array;
    readonly height: bigint;
    readonly time: Messages["google.protobuf.Timestamp"];
    readonly nextValidatorsHash: Uint8Array;
    readonly proposerAddress: Uint8Array;
  };
  /** What to read. */
  "tendermint.abci.RequestQuery": {
    readonly data: Uint8Array;
    readonly path: string;
    /** 0 for the newest. */
    readonly height: bigint;
    readonly prove: boolean;
  };
  /** Another validator's vote extension. */
  "tendermint.abci.RequestVerifyVoteExtension": {
    readonly hash: Uint8Array;
    readonly validatorAddress: Uint8Array;
    readonly height: bigint;
    readonly voteExtension: Uint8Array;
  };
  /** A response on the socket. */
  "tendermint.abci.Response": {
    readonly exception?: Messages["tendermint.abci.ResponseException"] | undefined;
    readonly echo?: Messages["tendermint.abci.ResponseEcho"] | undefined;
    readonly flush?: Messages["tendermint.abci.ResponseFlush"] | undefined;
    readonly info?: Messages["tendermint.abci.ResponseInfo"] | undefined;
    readonly initChain?: Messages["tendermint.abci.ResponseInitChain"] | undefined;
    readonly query?: Messages["tendermint.abci.ResponseQuery"] | undefined;
    readonly checkTx?: Messages["tendermint.abci.ResponseCheckTx"] | undefined;
    readonly commit?: Messages["tendermint.abci.ResponseCommit"] | undefined;
    readonly listSnapshots?: Messages["tendermint.abci.ResponseListSnapshots"] | undefined;
    readonly offerSnapshot?: Messages["tendermint.abci.ResponseOfferSnapshot"] | undefined;
    readonly loadSnapshotChunk?: Messages["tendermint.abci.ResponseLoadSnapshotChunk"] | undefined;
    readonly applySnapshotChunk?: Messages["tendermint.abci.ResponseApplySnapshotChunk"] | undefined;
    readonly prepareProposal?: Messages["tendermint.abci.ResponsePrepareProposal"] | undefined;
    readonly processProposal?: Messages["tendermint.abci.ResponseProcessProposal"] | undefined;
    readonly extendVote?: Messages["tendermint.abci.ResponseExtendVote"] | undefined;
    readonly verifyVoteExtension?: Messages["tendermint.abci.ResponseVerifyVoteExtension"] | undefined;
    readonly finalizeBlock?: Messages["tendermint.abci.ResponseFinalizeBlock"] | undefined;
  };
  /** What became of a chunk. */
  "tendermint.abci.ResponseApplySnapshotChunk": {
    readonly result: number;
    /** Chunks to fetch and apply again. */
    readonly refetchChunks: readonly number[];
    /** Senders to ask no more. */
    readonly rejectSenders: readonly string[];
  };
  /** Whether a transaction may enter the mempool. */
  "tendermint.abci.ResponseCheckTx": {
    readonly code: number;
    readonly data: Uint8Array;
    readonly log: string;
    readonly info: string;
    readonly gasWanted: bigint;
    readonly gasUsed: bigint;
    readonly events: readonly Messages["tendermint.abci.Event"][];
    readonly codespace: string;
  };
  /** What is kept. */
  "tendermint.abci.ResponseCommit": {
    /** Blocks below this height may be dropped; 0 keeps all. */
    readonly retainHeight: bigint;
  };
  /** The text sent. */
  "tendermint.abci.ResponseEcho": {
    readonly message: string;
  };
  /** The application could not answer. */
  "tendermint.abci.ResponseException": {
    readonly error: string;
  };
  /** What to add to a precommit. */
  "tendermint.abci.ResponseExtendVote": {
    readonly voteExtension: Uint8Array;
  };
  /** What a block did. */
  "tendermint.abci.ResponseFinalizeBlock": {
    /** What happened outside transactions. */
    readonly events: readonly Messages["tendermint.abci.Event"][];
    readonly txResults: readonly Messages["tendermint.abci.ExecTxResult"][];
    readonly validatorUpdates: readonly Messages["tendermint.abci.ValidatorUpdate"][];
    readonly consensusParamUpdates: Messages["tendermint.types.ConsensusParams"] | undefined;
    readonly appHash: Uint8Array;
  };
  /** All is answered. */
  "tendermint.abci.ResponseFlush": {};
  /** What the application has reached. */
  "tendermint.abci.ResponseInfo": {
    readonly data: string;
    readonly version: string;
    readonly appVersion: bigint;
    readonly lastBlockHeight: bigint;
    readonly lastBlockAppHash: Uint8Array;
  };
  /** What the genesis gave. */
  "tendermint.abci.ResponseInitChain": {
    readonly consensusParams: Messages["tendermint.types.ConsensusParams"] | undefined;
    readonly validators: readonly Messages["tendermint.abci.ValidatorUpdate"][];
    readonly appHash: Uint8Array;
  };
  /** The snapshots kept. */
  "tendermint.abci.ResponseListSnapshots": {
    readonly snapshots: readonly Messages["tendermint.abci.Snapshot"][];
  };
  /** One chunk. */
  "tendermint.abci.ResponseLoadSnapshotChunk": {
    readonly chunk: Uint8Array;
  };
  /** Whether the snapshot is wanted. */
  "tendermint.abci.ResponseOfferSnapshot": {
    readonly result: number;
  };
  /** A block's transactions. */
  "tendermint.abci.ResponsePrepareProposal": {
    readonly txs: readonly Uint8Array[];
  };
  /** Whether a block is acceptable. */
  "tendermint.abci.ResponseProcessProposal": {
    readonly status: number;
  };
  /** What was read. */
  "tendermint.abci.ResponseQuery": {
    readonly code: number;
    readonly log: string;
    readonly info: string;
    readonly index: bigint;
    readonly key: Uint8Array;
    readonly value: Uint8Array;
    readonly proofOps: Messages["tendermint.crypto.ProofOps"] | undefined;
    readonly height: bigint;
    readonly codespace: string;
  };
  /** Whether a vote extension is acceptable. */
  "tendermint.abci.ResponseVerifyVoteExtension": {
    readonly status: number;
  };
  /** A snapshot of the application's state. */
  "tendermint.abci.Snapshot": {
    readonly height: bigint;
    readonly format: number;
    readonly chunks: number;
    readonly hash: Uint8Array;
    readonly metadata: Uint8Array;
  };
  /** A transaction with its place and what it did. */
  "tendermint.abci.TxResult": {
    readonly height: bigint;
    readonly index: number;
    readonly tx: Uint8Array;
    readonly result: Messages["tendermint.abci.ExecTxResult"];
  };
  /** A validator by its address. */
  "tendermint.abci.Validator": {
    readonly address: Uint8Array;
    readonly power: bigint;
  };
  /** A validator's new power; 0 removes it. */
  "tendermint.abci.ValidatorUpdate": {
    readonly pubKey: Messages["tendermint.crypto.PublicKey"];
    readonly power: bigint;
  };
  /** Whether a validator signed. */
  "tendermint.abci.VoteInfo": {
    readonly validator: Messages["tendermint.abci.Validator"];
    readonly blockIdFlag: number;
  };
  /** Asks for the block of one height. */
  "tendermint.blocksync.BlockRequest": {
    readonly height: bigint;
  };
  /** A block, with its extended commit where there are vote extensions. */
  "tendermint.blocksync.BlockResponse": {
    readonly block: Messages["tendermint.types.Block"] | undefined;
    readonly extCommit: Messages["tendermint.types.ExtendedCommit"] | undefined;
  };
  /** A message of the block exchange. */
  "tendermint.blocksync.Message": {
    readonly blockRequest?: Messages["tendermint.blocksync.BlockRequest"] | undefined;
    readonly noBlockResponse?: Messages["tendermint.blocksync.NoBlockResponse"] | undefined;
    readonly blockResponse?: Messages["tendermint.blocksync.BlockResponse"] | undefined;
    readonly statusRequest?: Messages["tendermint.blocksync.StatusRequest"] | undefined;
    readonly statusResponse?: Messages["tendermint.blocksync.StatusResponse"] | undefined;
  };
  /** The peer does not have that block. */
  "tendermint.blocksync.NoBlockResponse": {
    readonly height: bigint;
  };
  /** Asks which blocks a peer has. */
  "tendermint.blocksync.StatusRequest": {};
  /** Which blocks a peer has. */
  "tendermint.blocksync.StatusResponse": {
    readonly height: bigint;
    readonly base: bigint;
  };
  /** A part of a block on its way. */
  "tendermint.consensus.BlockPart": {
    readonly height: bigint;
    readonly round: number;
    readonly part: Messages["tendermint.types.Part"];
  };
  /** A height is decided and stored. */
  "tendermint.consensus.EndHeight": {
    readonly height: bigint;
  };
  /** A peer has this vote. */
  "tendermint.consensus.HasVote": {
    readonly height: bigint;
    readonly round: number;
    readonly type: number;
    readonly index: number;
  };
  /** A message of the consensus exchange. */
  "tendermint.consensus.Message": {
    readonly newRoundStep?: Messages["tendermint.consensus.NewRoundStep"] | undefined;
    readonly newValidBlock?: Messages["tendermint.consensus.NewValidBlock"] | undefined;
    readonly proposal?: Messages["tendermint.consensus.Proposal"] | undefined;
    readonly proposalPol?: Messages["tendermint.consensus.ProposalPOL"] | undefined;
    readonly blockPart?: Messages["tendermint.consensus.BlockPart"] | undefined;
    readonly vote?: Messages["tendermint.consensus.Vote"] | undefined;
    readonly hasVote?: Messages["tendermint.consensus.HasVote"] | undefined;
    readonly voteSetMaj23?: Messages["tendermint.consensus.VoteSetMaj23"] | undefined;
    readonly voteSetBits?: Messages["tendermint.consensus.VoteSetBits"] | undefined;
  };
  /** A message with the peer it came from; empty for our own. */
  "tendermint.consensus.MsgInfo": {
    readonly msg: Messages["tendermint.consensus.Message"];
    readonly peerId: string;
  };
  /** Where a peer's consensus machine stands. */
  "tendermint.consensus.NewRoundStep": {
    readonly height: bigint;
    readonly round: number;
    readonly step: number;
    readonly secondsSinceStartTime: bigint;
    readonly lastCommitRound: number;
  };
  /** A peer knows which block is decided or locked, and has these parts of it. */
  "tendermint.consensus.NewValidBlock": {
    readonly height: bigint;
    readonly round: number;
    readonly blockPartSetHeader: Messages["tendermint.types.PartSetHeader"];
    readonly blockParts: Messages["tendermint.libs.bits.BitArray"] | undefined;
    readonly isCommit: boolean;
  };
  /** A proposal on its way. */
  "tendermint.consensus.Proposal": {
    readonly proposal: Messages["tendermint.types.Proposal"];
  };
  /** Which prevotes a proposal's earlier round had. */
  "tendermint.consensus.ProposalPOL": {
    readonly height: bigint;
    readonly proposalPolRound: number;
    readonly proposalPol: Messages["tendermint.libs.bits.BitArray"];
  };
  /** One entry of CometBFT's log with its time. */
  "tendermint.consensus.TimedWALMessage": {
    readonly time: Messages["google.protobuf.Timestamp"];
    readonly msg: Messages["tendermint.consensus.WALMessage"] | undefined;
  };
  /** A timeout that fired. */
  "tendermint.consensus.TimeoutInfo": {
    readonly duration: Messages["google.protobuf.Duration"];
    readonly height: bigint;
    readonly round: number;
    readonly step: number;
  };
  /** A vote on its way. */
  "tendermint.consensus.Vote": {
    readonly vote: Messages["tendermint.types.Vote"] | undefined;
  };
  /** Which votes for this block a peer has. */
  "tendermint.consensus.VoteSetBits": {
    readonly height: bigint;
    readonly round: number;
    readonly type: number;
    readonly blockId: Messages["tendermint.types.BlockID"];
    readonly votes: Messages["tendermint.libs.bits.BitArray"];
  };
  /** A peer has seen more than two thirds for this block. */
  "tendermint.consensus.VoteSetMaj23": {
    readonly height: bigint;
    readonly round: number;
    readonly type: number;
    readonly blockId: Messages["tendermint.types.BlockID"];
  };
  /** One entry of CometBFT's log. */
  "tendermint.consensus.WALMessage": {
    readonly eventDataRoundState?: Messages["tendermint.types.EventDataRoundState"] | undefined;
    readonly msgInfo?: Messages["tendermint.consensus.MsgInfo"] | undefined;
    readonly timeoutInfo?: Messages["tendermint.consensus.TimeoutInfo"] | undefined;
    readonly endHeight?: Messages["tendermint.consensus.EndHeight"] | undefined;
  };
  /** A proof that proves nothing, for tests. */
  "tendermint.crypto.DominoOp": {
    readonly key: string;
    readonly input: string;
    readonly output: string;
  };
  /** A Merkle proof of one leaf among `total` (RFC 6962). */
  "tendermint.crypto.Proof": {
    readonly total: bigint;
    readonly index: bigint;
    readonly leafHash: Uint8Array;
    readonly aunts: readonly Uint8Array[];
  };
  /** One step of a proof, from a key to the root of one tree. */
  "tendermint.crypto.ProofOp": {
    readonly type: string;
    readonly key: Uint8Array;
    readonly data: Uint8Array;
  };
  /** The steps of a proof, innermost first. */
  "tendermint.crypto.ProofOps": {
    readonly ops: readonly Messages["tendermint.crypto.ProofOp"][];
  };
  /** A validator's public key. */
  "tendermint.crypto.PublicKey": {
    readonly ed25519?: Uint8Array | undefined;
    readonly secp256k1?: Uint8Array | undefined;
  };
  /** A proof of a key and the value it holds. */
  "tendermint.crypto.ValueOp": {
    readonly key: Uint8Array;
    readonly proof: Messages["tendermint.crypto.Proof"] | undefined;
  };
  /** A set of indexes: bit i is bit i % 64 of word i / 64. */
  "tendermint.libs.bits.BitArray": {
    readonly bits: bigint;
    readonly elems: readonly bigint[];
  };
  /** A message of the transaction exchange. */
  "tendermint.mempool.Message": {
    readonly txs?: Messages["tendermint.mempool.Txs"] | undefined;
  };
  /** Transactions on their way. */
  "tendermint.mempool.Txs": {
    readonly txs: readonly Uint8Array[];
  };
  /** Proof of the node key behind a connection. */
  "tendermint.p2p.AuthSigMessage": {
    readonly pubKey: Messages["tendermint.crypto.PublicKey"];
    readonly sig: Uint8Array;
  };
  /** What a node says about itself when it meets a peer. */
  "tendermint.p2p.DefaultNodeInfo": {
    readonly protocolVersion: Messages["tendermint.p2p.ProtocolVersion"];
    readonly defaultNodeId: string;
    readonly listenAddr: string;
    /** The chain id. */
    readonly network: string;
    readonly version: string;
    readonly channels: Uint8Array;
    readonly moniker: string;
    readonly other: Messages["tendermint.p2p.DefaultNodeInfoOther"];
  };
  /** The rest of what a node says. */
  "tendermint.p2p.DefaultNodeInfoOther": {
    readonly txIndex: string;
    readonly rpcAddress: string;
  };
  /** A message of the address exchange. */
  "tendermint.p2p.Message": {
    readonly pexRequest?: Messages["tendermint.p2p.PexRequest"] | undefined;
    readonly pexAddrs?: Messages["tendermint.p2p.PexAddrs"] | undefined;
  };
  /** Where a node listens. */
  "tendermint.p2p.NetAddress": {
    readonly id: string;
    readonly ip: string;
    readonly port: number;
  };
  /** What travels on a connection. */
  "tendermint.p2p.Packet": {
    readonly packetPing?: Messages["tendermint.p2p.PacketPing"] | undefined;
    readonly packetPong?: Messages["tendermint.p2p.PacketPong"] | undefined;
    readonly packetMsg?: Messages["tendermint.p2p.PacketMsg"] | undefined;
  };
  /** A piece of a message on one channel. */
  "tendermint.p2p.PacketMsg": {
    readonly channelId: number;
    readonly eof: boolean;
    readonly data: Uint8Array;
  };
  /** Asks whether the peer lives. */
  "tendermint.p2p.PacketPing": {};
  /** The peer lives. */
  "tendermint.p2p.PacketPong": {};
  /** Addresses of peers. */
  "tendermint.p2p.PexAddrs": {
    readonly addrs: readonly Messages["tendermint.p2p.NetAddress"][];
  };
  /** Asks for addresses. */
  "tendermint.p2p.PexRequest": {};
  /** The rules a node speaks. */
  "tendermint.p2p.ProtocolVersion": {
    readonly p2p: bigint;
    readonly block: bigint;
    readonly app: bigint;
  };
  /** A message between a validator and its remote signer. */
  "tendermint.privval.Message": {
    readonly pubKeyRequest?: Messages["tendermint.privval.PubKeyRequest"] | undefined;
    readonly pubKeyResponse?: Messages["tendermint.privval.PubKeyResponse"] | undefined;
    readonly signVoteRequest?: Messages["tendermint.privval.SignVoteRequest"] | undefined;
    readonly signedVoteResponse?: Messages["tendermint.privval.SignedVoteResponse"] | undefined;
    readonly signProposalRequest?: Messages["tendermint.privval.SignProposalRequest"] | undefined;
    readonly signedProposalResponse?: Messages["tendermint.privval.SignedProposalResponse"] | undefined;
    readonly pingRequest?: Messages["tendermint.privval.PingRequest"] | undefined;
    readonly pingResponse?: Messages["tendermint.privval.PingResponse"] | undefined;
  };
  /** Asks whether the signer lives. */
  "tendermint.privval.PingRequest": {};
  /** The signer lives. */
  "tendermint.privval.PingResponse": {};
  /** Asks a remote signer for its key. */
  "tendermint.privval.PubKeyRequest": {
    readonly chainId: string;
  };
  /** A remote signer's key. */
  "tendermint.privval.PubKeyResponse": {
    readonly pubKey: Messages["tendermint.crypto.PublicKey"];
    readonly error: Messages["tendermint.privval.RemoteSignerError"] | undefined;
  };
  /** A remote signer's failure. */
  "tendermint.privval.RemoteSignerError": {
    readonly code: number;
    readonly description: string;
  };
  /** Asks a remote signer to sign a proposal. */
  "tendermint.privval.SignProposalRequest": {
    readonly proposal: Messages["tendermint.types.Proposal"] | undefined;
    readonly chainId: string;
  };
  /** Asks a remote signer to sign a vote. */
  "tendermint.privval.SignVoteRequest": {
    readonly vote: Messages["tendermint.types.Vote"] | undefined;
    readonly chainId: string;
  };
  /** A signed proposal. */
  "tendermint.privval.SignedProposalResponse": {
    readonly proposal: Messages["tendermint.types.Proposal"];
    readonly error: Messages["tendermint.privval.RemoteSignerError"] | undefined;
  };
  /** A signed vote. */
  "tendermint.privval.SignedVoteResponse": {
    readonly vote: Messages["tendermint.types.Vote"];
    readonly error: Messages["tendermint.privval.RemoteSignerError"] | undefined;
  };
  /** A block's results. */
  "tendermint.state.ABCIResponsesInfo": {
    readonly legacyAbciResponses: Messages["tendermint.state.LegacyABCIResponses"] | undefined;
    readonly height: bigint;
    readonly responseFinalizeBlock: Messages["tendermint.abci.ResponseFinalizeBlock"] | undefined;
  };
  /** Consensus parameters, or where they were last stored. */
  "tendermint.state.ConsensusParamsInfo": {
    readonly consensusParams: Messages["tendermint.types.ConsensusParams"];
    readonly lastHeightChanged: bigint;
  };
  /** A block's results as they were before CometBFT 0.38. */
  "tendermint.state.LegacyABCIResponses": {
    readonly deliverTxs: readonly Messages["tendermint.abci.ExecTxResult"][];
    readonly endBlock: Messages["tendermint.state.ResponseEndBlock"] | undefined;
    readonly beginBlock: Messages["tendermint.state.ResponseBeginBlock"] | undefined;
  };
  /** What BeginBlock gave before CometBFT 0.38. */
  "tendermint.state.ResponseBeginBlock": {
    readonly events: readonly Messages["tendermint.abci.Event"][];
  };
  /** What EndBlock gave before CometBFT 0.38. */
  "tendermint.state.ResponseEndBlock": {
    readonly validatorUpdates: readonly Messages["tendermint.abci.ValidatorUpdate"][];
    readonly consensusParamUpdates: Messages["tendermint.types.ConsensusParams"] | undefined;
    readonly events: readonly Messages["tendermint.abci.Event"][];
  };
  /** All that is needed to make and check the next block. */
  "tendermint.state.State": {
    readonly version: Messages["tendermint.state.Version"];
    readonly chainId: string;
    readonly initialHeight: bigint;
    readonly lastBlockHeight: bigint;
    readonly lastBlockId: Messages["tendermint.types.BlockID"];
    readonly lastBlockTime: Messages["google.protobuf.Timestamp"];
    readonly nextValidators: Messages["tendermint.types.ValidatorSet"] | undefined;
    readonly validators: Messages["tendermint.types.ValidatorSet"] | undefined;
    readonly lastValidators: Messages["tendermint.types.ValidatorSet"] | undefined;
    readonly lastHeightValidatorsChanged: bigint;
    readonly consensusParams: Messages["tendermint.types.ConsensusParams"];
    readonly lastHeightConsensusParamsChanged: bigint;
    readonly lastResultsHash: Uint8Array;
    readonly appHash: Uint8Array;
  };
  /** A validator set, or where it was last stored. */
  "tendermint.state.ValidatorsInfo": {
    readonly validatorSet: Messages["tendermint.types.ValidatorSet"] | undefined;
    readonly lastHeightChanged: bigint;
  };
  /** The rules and the program. */
  "tendermint.state.Version": {
    readonly consensus: Messages["tendermint.version.Consensus"];
    readonly software: string;
  };
  /** Asks for one chunk of a snapshot. */
  "tendermint.statesync.ChunkRequest": {
    readonly height: bigint;
    readonly format: number;
    readonly index: number;
  };
  /** One chunk of a snapshot, or that it is missing. */
  "tendermint.statesync.ChunkResponse": {
    readonly height: bigint;
    readonly format: number;
    readonly index: number;
    readonly chunk: Uint8Array;
    readonly missing: boolean;
  };
  /** A message of the snapshot exchange. */
  "tendermint.statesync.Message": {
    readonly snapshotsRequest?: Messages["tendermint.statesync.SnapshotsRequest"] | undefined;
    readonly snapshotsResponse?: Messages["tendermint.statesync.SnapshotsResponse"] | undefined;
    readonly chunkRequest?: Messages["tendermint.statesync.ChunkRequest"] | undefined;
    readonly chunkResponse?: Messages["tendermint.statesync.ChunkResponse"] | undefined;
  };
  /** Asks which snapshots a peer has. */
  "tendermint.statesync.SnapshotsRequest": {};
  /** A snapshot that a peer has. */
  "tendermint.statesync.SnapshotsResponse": {
    readonly height: bigint;
    readonly format: number;
    readonly chunks: number;
    readonly hash: Uint8Array;
    readonly metadata: Uint8Array;
  };
  /** Which blocks are stored. */
  "tendermint.store.BlockStoreState": {
    readonly base: bigint;
    readonly height: bigint;
  };
  /** What the engine asks of the application. */
  "tendermint.types.ABCIParams": {
    /** The first height with vote extensions; 0 for never. */
    readonly voteExtensionsEnableHeight: bigint;
  };
  /** A block. */
  "tendermint.types.Block": {
    readonly header: Messages["tendermint.types.Header"];
    readonly data: Messages["tendermint.types.Data"];
    readonly evidence: Messages["tendermint.types.EvidenceList"];
    /** What decided the block before; absent in the first block. */
    readonly lastCommit: Messages["tendermint.types.Commit"] | undefined;
  };
  /** A block's header hash and part set header. */
  "tendermint.types.BlockID": {
    readonly hash: Uint8Array;
    readonly partSetHeader: Messages["tendermint.types.PartSetHeader"];
  };
  /** A block without its transactions. */
  "tendermint.types.BlockMeta": {
    readonly blockId: Messages["tendermint.types.BlockID"];
    readonly blockSize: bigint;
    readonly header: Messages["tendermint.types.Header"];
    readonly numTxs: bigint;
  };
  /** Limits on blocks. */
  "tendermint.types.BlockParams": {
    /** -1 for the largest that blocks may ever be. */
    readonly maxBytes: bigint;
    /** -1 for no bound. */
    readonly maxGas: bigint;
  };
  /** A BlockID as it is signed. */
  "tendermint.types.CanonicalBlockID": {
    readonly hash: Uint8Array;
    readonly partSetHeader: Messages["tendermint.types.CanonicalPartSetHeader"];
  };
  /** A PartSetHeader as it is signed. */
  "tendermint.types.CanonicalPartSetHeader": {
    readonly total: number;
    readonly hash: Uint8Array;
  };
  /** A proposal as it is signed. */
  "tendermint.types.CanonicalProposal": {
    readonly type: number;
    readonly height: bigint;
    readonly round: bigint;
    readonly polRound: bigint;
    readonly blockId: Messages["tendermint.types.CanonicalBlockID"] | undefined;
    readonly timestamp: Messages["google.protobuf.Timestamp"];
    readonly chainId: string;
  };
  /** A vote as it is signed. */
  "tendermint.types.CanonicalVote": {
    readonly type: number;
    readonly height: bigint;
    readonly round: bigint;
    /** Absent in a vote for no block. */
    readonly blockId: Messages["tendermint.types.CanonicalBlockID"] | undefined;
    readonly timestamp: Messages["google.protobuf.Timestamp"];
    readonly chainId: string;
  };
  /** A vote extension as it is signed. */
  "tendermint.types.CanonicalVoteExtension": {
    readonly extension: Uint8Array;
    readonly height: bigint;
    readonly round: bigint;
    readonly chainId: string;
  };
  /** The precommits that decided a block. */
  "tendermint.types.Commit": {
    readonly height: bigint;
    readonly round: number;
    readonly blockId: Messages["tendermint.types.BlockID"];
    /** One for each validator, in the set's order. */
    readonly signatures: readonly Messages["tendermint.types.CommitSig"][];
  };
  /** One validator's part of a commit. */
  "tendermint.types.CommitSig": {
    readonly blockIdFlag: number;
    readonly validatorAddress: Uint8Array;
    readonly timestamp: Messages["google.protobuf.Timestamp"];
    readonly signature: Uint8Array;
  };
  /** Limits every validator keeps; the application may change them. */
  "tendermint.types.ConsensusParams": {
    readonly block: Messages["tendermint.types.BlockParams"] | undefined;
    readonly evidence: Messages["tendermint.types.EvidenceParams"] | undefined;
    readonly validator: Messages["tendermint.types.ValidatorParams"] | undefined;
    readonly version: Messages["tendermint.types.VersionParams"] | undefined;
    readonly abci: Messages["tendermint.types.ABCIParams"] | undefined;
  };
  /** A block's transactions. */
  "tendermint.types.Data": {
    readonly txs: readonly Uint8Array[];
  };
  /** Two different votes of one validator in one round. */
  "tendermint.types.DuplicateVoteEvidence": {
    readonly voteA: Messages["tendermint.types.Vote"] | undefined;
    readonly voteB: Messages["tendermint.types.Vote"] | undefined;
    readonly totalVotingPower: bigint;
    readonly validatorPower: bigint;
    readonly timestamp: Messages["google.protobuf.Timestamp"];
  };
  /** Where the consensus machine stands. */
  "tendermint.types.EventDataRoundState": {
    readonly height: bigint;
    readonly round: number;
    readonly step: string;
  };
  /** Proof of a validator's fault. */
  "tendermint.types.Evidence": {
    readonly duplicateVoteEvidence?: Messages["tendermint.types.DuplicateVoteEvidence"] | undefined;
    readonly lightClientAttackEvidence?: Messages["tendermint.types.LightClientAttackEvidence"] | undefined;
  };
  /** The evidence in a block. */
  "tendermint.types.EvidenceList": {
    readonly evidence: readonly Messages["tendermint.types.Evidence"][];
  };
  /** Limits on evidence; both ages must be passed before it expires. */
  "tendermint.types.EvidenceParams": {
    readonly maxAgeNumBlocks: bigint;
    readonly maxAgeDuration: Messages["google.protobuf.Duration"];
    readonly maxBytes: bigint;
  };
  /** A commit with vote extensions. */
  "tendermint.types.ExtendedCommit": {
    readonly height: bigint;
    readonly round: number;
    readonly blockId: Messages["tendermint.types.BlockID"];
    readonly extendedSignatures: readonly Messages["tendermint.types.ExtendedCommitSig"][];
  };
  /** One validator's part of an extended commit. */
  "tendermint.types.ExtendedCommitSig": {
    readonly blockIdFlag: number;
    readonly validatorAddress: Uint8Array;
    readonly timestamp: Messages["google.protobuf.Timestamp"];
    readonly signature: Uint8Array;
    readonly extension: Uint8Array;
    readonly extensionSignature: Uint8Array;
  };
  /** What a header's consensus hash covers. */
  "tendermint.types.HashedParams": {
    readonly blockMaxBytes: bigint;
    readonly blockMaxGas: bigint;
  };
  /** What a block says about the chain and itself. */
  "tendermint.types.Header": {
    readonly version: Messages["tendermint.version.Consensus"];
    readonly chainId: string;
    readonly height: bigint;
    readonly time: Messages["google.protobuf.Timestamp"];
    /** The block before. */
    readonly lastBlockId: Messages["tendermint.types.BlockID"];
    readonly lastCommitHash: Uint8Array;
    readonly dataHash: Uint8Array;
    readonly validatorsHash: Uint8Array;
    readonly nextValidatorsHash: Uint8Array;
    readonly consensusHash: Uint8Array;
    /** The state after the block before. */
    readonly appHash: Uint8Array;
    readonly lastResultsHash: Uint8Array;
    readonly evidenceHash: Uint8Array;
    readonly proposerAddress: Uint8Array;
  };
  /** What a light client needs of one height. */
  "tendermint.types.LightBlock": {
    readonly signedHeader: Messages["tendermint.types.SignedHeader"] | undefined;
    readonly validatorSet: Messages["tendermint.types.ValidatorSet"] | undefined;
  };
  /** A second block, signed to mislead light clients. */
  "tendermint.types.LightClientAttackEvidence": {
    readonly conflictingBlock: Messages["tendermint.types.LightBlock"] | undefined;
    /** The last height at which both chains agree. */
    readonly commonHeight: bigint;
    readonly byzantineValidators: readonly Messages["tendermint.types.Validator"][];
    readonly totalVotingPower: bigint;
    readonly timestamp: Messages["google.protobuf.Timestamp"];
  };
  /** One part of a block's bytes, with its proof. */
  "tendermint.types.Part": {
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly proof: Messages["tendermint.crypto.Proof"];
  };
  /** The number of a block's parts and their Merkle root. */
  "tendermint.types.PartSetHeader": {
    readonly total: number;
    readonly hash: Uint8Array;
  };
  /** A proposer's claim that a block should be decided. */
  "tendermint.types.Proposal": {
    readonly type: number;
    readonly height: bigint;
    readonly round: number;
    /** The round whose prevotes allow this block again; -1 for a new block. */
    readonly polRound: number;
    readonly blockId: Messages["tendermint.types.BlockID"];
    readonly timestamp: Messages["google.protobuf.Timestamp"];
    readonly signature: Uint8Array;
  };
  /** A header with the commit that decided it. */
  "tendermint.types.SignedHeader": {
    readonly header: Messages["tendermint.types.Header"] | undefined;
    readonly commit: Messages["tendermint.types.Commit"] | undefined;
  };
  /** What a header's validators hash covers of each validator. */
  "tendermint.types.SimpleValidator": {
    readonly pubKey: Messages["tendermint.crypto.PublicKey"] | undefined;
    readonly votingPower: bigint;
  };
  /** A proof that a transaction stands in a block. */
  "tendermint.types.TxProof": {
    readonly rootHash: Uint8Array;
    readonly data: Uint8Array;
    readonly proof: Messages["tendermint.crypto.Proof"] | undefined;
  };
  /** A validator with its power and its place in the proposers' rotation. */
  "tendermint.types.Validator": {
    readonly address: Uint8Array;
    readonly pubKey: Messages["tendermint.crypto.PublicKey"];
    readonly votingPower: bigint;
    readonly proposerPriority: bigint;
  };
  /** Limits on validators. */
  "tendermint.types.ValidatorParams": {
    /** Which keys they may use, such as "ed25519". */
    readonly pubKeyTypes: readonly string[];
  };
  /** Validators, by power descending and address ascending. */
  "tendermint.types.ValidatorSet": {
    readonly validators: readonly Messages["tendermint.types.Validator"][];
    readonly proposer: Messages["tendermint.types.Validator"] | undefined;
    readonly totalVotingPower: bigint;
  };
  /** The application's protocol version. */
  "tendermint.types.VersionParams": {
    readonly app: bigint;
  };
  /** A validator's prevote or precommit for a block, or for none. */
  "tendermint.types.Vote": {
    readonly type: number;
    readonly height: bigint;
    readonly round: number;
    readonly blockId: Messages["tendermint.types.BlockID"];
    readonly timestamp: Messages["google.protobuf.Timestamp"];
    readonly validatorAddress: Uint8Array;
    readonly validatorIndex: number;
    readonly signature: Uint8Array;
    /** The application's data, in precommits for a block. */
    readonly extension: Uint8Array;
    readonly extensionSignature: Uint8Array;
  };
  /** The application's protocol and program. */
  "tendermint.version.App": {
    readonly protocol: bigint;
    readonly software: string;
  };
  /** The rules a block follows. */
  "tendermint.version.Consensus": {
    readonly block: bigint;
    readonly app: bigint;
  };
  /** Batch settles uses of one model at once by commitments that anyone may challenge. */
  "tributary.attribution.v1.Batch": {
    /** id counts from 1. */
    readonly id: bigint;
    /** host served the uses and posted the batch. */
    readonly host: string;
    /** model_id is the model of all uses. */
    readonly modelId: bigint;
    /** use_ids are the uses, in ascending order. */
    readonly useIds: readonly bigint[];
    /** share_count is how many leaves the tree of shares has. */
    readonly shareCount: bigint;
    /** shares_root is the root of the RFC 6962 tree over the shares, in the order of the uses and of their outputs. */
    readonly sharesRoot: Uint8Array;
    /** payee_count is how many leaves the tree of payouts has. */
    readonly payeeCount: bigint;
    /** payouts_root is the root of the sum tree over the payees. */
    readonly payoutsRoot: Uint8Array;
    /** sum is the proved part of all uses, and the sum of the payouts. */
    readonly sum: string;
    /** body_hash is the SHA-256 of the batch's body, by which watchers find it; may be empty. */
    readonly bodyHash: Uint8Array;
    /** bond is what the host loses when a challenge succeeds. */
    readonly bond: string;
    /** parts are the other parts of the uses' charges, summed; they are paid when the batch is final. */
    readonly parts: Messages["tributary.attribution.v1.BatchParts"];
    /** posted_height is the block it was posted in. */
    readonly postedHeight: bigint;
    /** window_end is the block time, in unix seconds, from which it may become final. */
    readonly windowEnd: bigint;
    /** is_extended says that the window was extended, which happens once. */
    readonly isExtended: boolean;
    /** open_challenges is how many challenges wait for the host's answer. */
    readonly openChallenges: number;
    /** status is where the batch stands. */
    readonly status: number;
    /** claimed is what payees have claimed. */
    readonly claimed: string;
    /** claim_end is the block time, in unix seconds, after which what is unclaimed goes to the datanets. */
    readonly claimEnd: bigint;
    /** is_drawn says that the lot was drawn which decides on an audit. */
    readonly isDrawn: boolean;
    /** rules are what it is held to. */
    readonly rules: Messages["tributary.attribution.v1.BatchRules"];
    /** model_version is the model's version of all uses. */
    readonly modelVersion: number;
    /** as_of is when the first of the uses was opened: records whose challenge window had ended by then, in unix seconds, may be cited and may outrank others. */
    readonly asOf: bigint;
  };
  /** BatchBody is everything a batch commits to, with the texts of its uses. It stays off the chain, which knows its SHA-256; watchers check it. */
  "tributary.attribution.v1.BatchBody": {
    /** uses are those of the batch, in its order. */
    readonly uses: readonly Messages["tributary.attribution.v1.BodyUse"][];
    /** shares are the leaves of the tree of shares. */
    readonly shares: readonly Messages["tributary.attribution.v1.Share"][];
    /** lists are the occurrences of the common shares, in the order of these. */
    readonly lists: readonly Messages["tributary.attribution.v1.OccurrenceList"][];
    /** payees are the leaves of the tree of payouts. */
    readonly payees: readonly Messages["tributary.attribution.v1.BodyPayee"][];
  };
  /** BatchParts are the parts of a batch's charges that need no proof. */
  "tributary.attribution.v1.BatchParts": {
    /** host is the host's. */
    readonly host: string;
    /** model_owner is the model's. */
    readonly modelOwner: string;
    /** lineage is that of the datanet versions the model was trained on. */
    readonly lineage: string;
    /** attested goes by the scores of the datanets' validators; where there are none, by lineage. */
    readonly attested: string;
    /** validators is the fee collector's. */
    readonly validators: string;
    /** burned is burned. */
    readonly burned: string;
  };
  /** BatchRules are what a batch's shares are held to. A batch keeps those it was posted under. */
  "tributary.attribution.v1.BatchRules": {
    /** min_tokens is the fewest tokens a match may have. */
    readonly minTokens: number;
    /** max_tokens is the most. */
    readonly maxTokens: number;
    /** max_occurrences is in how many records a match may stand and still be paid. */
    readonly maxOccurrences: number;
    /** max_passages is how many passages a retrieval pays at most. */
    readonly maxPassages: number;
    /** neighbours is the K of the nearest-neighbours rule. */
    readonly neighbours: number;
    /** table_id is the table that tokens are weighed and passages scored with; 0 for none: every token weighs the same. */
    readonly tableId: bigint;
  };
  /** BodyPayee is a payee with its entries. */
  "tributary.attribution.v1.BodyPayee": {
    /** payee is the leaf of the tree of payouts. */
    readonly payee: Messages["tributary.attribution.v1.Payee"];
    /** entries are the leaves of the payee's own tree. */
    readonly entries: readonly Messages["tributary.attribution.v1.PayeeEntry"][];
  };
  /** BodyUse carries the texts of one use. */
  "tributary.attribution.v1.BodyUse": {
    /** use_id is the use. */
    readonly useId: bigint;
    /** prompt is what was asked. */
    readonly prompt: Uint8Array;
    /** output is what was answered. */
    readonly output: Uint8Array;
  };
  /** Challenge waits for the host's answer; without one in time the batch is rejected. Once the host has contested places of its list, it waits for the challenger; if one of them is not shown in time, the challenge falls. */
  "tributary.attribution.v1.Challenge": {
    /** id counts from 1. */
    readonly id: bigint;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** challenger asked, or was drawn by lot to audit. */
    readonly challenger: string;
    /** part says what is asked for. */
    readonly part: number;
    /** index is the share or the payee. */
    readonly index: bigint;
    /** entry is the payee's entry, or which occurrence of a common share is to be opened. */
    readonly entry: bigint;
    /** occurrences are the places that are said to hold the match. */
    readonly occurrences: readonly Messages["tributary.attribution.v1.Occurrence"][];
    /** bond goes to the host when it answers, or when what it contests is not shown, but for a part that is burned. */
    readonly bond: string;
    /** answer_by is the last block time, in unix seconds, at which the host may answer, and the challenger may show what is contested. */
    readonly answerBy: bigint;
    /** contested are the positions in occurrences that the host contests and that are not shown yet, in ascending order. */
    readonly contested: readonly number[];
  };
  /** ClaimedPayees marks which payees of a batch have been paid: 64 of them. */
  "tributary.attribution.v1.ClaimedPayees": {
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** word counts groups of 64 payees from 0. */
    readonly word: bigint;
    /** bits has one bit for each, the lowest for the first. */
    readonly bits: bigint;
  };
  /** DataSplit divides the contributors' part in parts per million. The three parts sum to 1000000. */
  "tributary.attribution.v1.DataSplit": {
    /** proved_ppm goes by proof to the records found. */
    readonly provedPpm: number;
    /** lineage_ppm goes to the contributors of the datanet versions the model was trained on. */
    readonly lineagePpm: number;
    /** attested_ppm goes to records of these versions by the scores of their datanets' validators; where there are none, by lineage. */
    readonly attestedPpm: number;
  };
  /** Earnings is what an account has earned in one denomination. */
  "tributary.attribution.v1.Earnings": {
    /** beneficiary is the account that earned. */
    readonly beneficiary: string;
    /** denom is the denomination. */
    readonly denom: string;
    /** unclaimed is held by the module until claimed. */
    readonly unclaimed: string;
    /** claimed is what was paid out so far. */
    readonly claimed: string;
  };
  /** EntryOpening shows an entry under a payee's entries_root. */
  "tributary.attribution.v1.EntryOpening": {
    /** index is the entry's place. */
    readonly index: bigint;
    /** entry is the leaf. */
    readonly entry: Messages["tributary.attribution.v1.PayeeEntry"];
    /** path are the nodes from the leaf's sibling to a child of the root. */
    readonly path: readonly Messages["tributary.attribution.v1.SumNode"][];
  };
  /** GameParams says what batches and challenges cost and how long they take. */
  "tributary.attribution.v1.GameParams": {
    /** window_seconds is how long a batch can be challenged. */
    readonly windowSeconds: number;
    /** answer_seconds is how long the host may take for an answer; a challenge close to the end extends the window by it, once. */
    readonly answerSeconds: number;
    /** settle_seconds is how long an acknowledged use may wait for a batch. */
    readonly settleSeconds: number;
    /** claim_seconds is how long payees may claim from a final batch. */
    readonly claimSeconds: number;
    /** bond_multiple is how many times its sum a batch is bonded with. */
    readonly bondMultiple: number;
    /** min_bond is the least bond of a batch, in the fee's denomination. */
    readonly minBond: string;
    /** challenge_bond is the bond of a challenge that asks for an answer; when it is answered the host has bounty_ppm of it and the rest is burned. */
    readonly challengeBond: string;
    /** bounty_ppm is the part of a lost bond that the one who wins has, a challenger or one who answered; the rest is burned. */
    readonly bountyPpm: number;
    /** challenges_per_doubling is how many challenges of a batch may wait for answers at the same bond; of each so many more it is twice as high. */
    readonly challengesPerDoubling: number;
    /** max_open_per_challenger is how many of those that wait may be one account's. */
    readonly maxOpenPerChallenger: number;
    /** audit_ppm is the chance of a batch to be audited. */
    readonly auditPpm: number;
    /** audit_shares is how many shares an audited batch must open. */
    readonly auditShares: number;
    /** inline_bond_multiple is how many times the proved parts of all its inline settlements that may still be challenged a host's bond (tributary.model.v1) must be, before it may settle one more inline; 0 asks for none. */
    readonly inlineBondMultiple: number;
    /** omission_tokens is how many tokens of a record that a lineage leaves out must stand in an output to dispute it. */
    readonly omissionTokens: number;
  };
  /** GenesisState is the module's state in a genesis file. The escrow and unclaimed earnings stand in the bank's balances too. */
  "tributary.attribution.v1.GenesisState": {
    /** params are the parameters. */
    readonly params: Messages["tributary.attribution.v1.Params"];
    /** uses are in order of their number, without gaps from 1. */
    readonly uses: readonly Messages["tributary.attribution.v1.Use"][];
    /** payouts are those of the settled uses. */
    readonly payouts: readonly Messages["tributary.attribution.v1.Payout"][];
    /** earnings are what accounts have earned. */
    readonly earnings: readonly Messages["tributary.attribution.v1.Earnings"][];
    /** batches are in order of their number, without gaps from 1. */
    readonly batches: readonly Messages["tributary.attribution.v1.Batch"][];
    /** challenges are those that wait for an answer. */
    readonly challenges: readonly Messages["tributary.attribution.v1.Challenge"][];
    /** challenge_count is how many challenges there ever were. */
    readonly challengeCount: bigint;
    /** claimed are the payees of batches that were paid. */
    readonly claimed: readonly Messages["tributary.attribution.v1.ClaimedPayees"][];
    /** tables are in order of their number, without gaps from 1. */
    readonly tables: readonly Messages["tributary.attribution.v1.TermTable"][];
    /** pools are what contributors of datanet versions have earned together. */
    readonly pools: readonly Messages["tributary.attribution.v1.LineagePool"][];
    /** lineage_claims say how far records have been paid. */
    readonly lineageClaims: readonly Messages["tributary.attribution.v1.LineageClaim"][];
    /** attested_claims say how far records have been paid what attested scores earn. */
    readonly attestedClaims: readonly Messages["tributary.attribution.v1.LineageClaim"][];
    /** backed is what was ever given to backers of models, in the fee's denomination. */
    readonly backed: string;
    /** disputes are those of lineages, in order of their numbers. */
    readonly disputes: readonly Messages["tributary.attribution.v1.LineageDispute"][];
    /** exposures are what hosts have settled inline of late. */
    readonly exposures: readonly Messages["tributary.attribution.v1.InlineExposure"][];
    /** leavers are the records that have left versions. */
    readonly leavers: readonly Messages["tributary.attribution.v1.LineageLeaver"][];
  };
  /** InlineExposure is what a host has settled inline and may still be challenged over, counted in two periods of use_timeout_seconds and window_seconds together, so at least as long as any of it may be. */
  "tributary.attribution.v1.InlineExposure": {
    /** host settled. */
    readonly host: string;
    /** since is when the current period began, in unix seconds of block time. */
    readonly since: bigint;
    /** current is the sum of the proved parts since then, in the fee's denomination. */
    readonly current: string;
    /** previous is that of the period before. */
    readonly previous: string;
  };
  /** LineageClaim is how far a record of a version has been paid, by lineage or by attested scores. */
  "tributary.attribution.v1.LineageClaim": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count is the version. */
    readonly recordCount: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** accumulator is the pool's when the record was last paid. */
    readonly accumulator: string;
  };
  /** LineageDispute says that a version of a model was trained on a record which its lineage leaves out. */
  "tributary.attribution.v1.LineageDispute": {
    /** id counts with challenges, from 1. */
    readonly id: bigint;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** model_version is the version. */
    readonly modelVersion: number;
    /** use_id is the use whose output holds the words. */
    readonly useId: bigint;
    /** challenger showed them. */
    readonly challenger: string;
    /** record is the record that holds them and is not of the lineage. */
    readonly record: Messages["tributary.datanet.v1.RecordId"];
    /** words_hash is the SHA-256 of the words. */
    readonly wordsHash: Uint8Array;
    /** words_length is how many bytes they have. */
    readonly wordsLength: bigint;
    /** bond goes to the model's owner when it answers, but for a part that is burned, and back to the challenger when it does not; 0 then. */
    readonly bond: string;
    /** answer_by is the last block time, in unix seconds, at which the owner may answer. */
    readonly answerBy: bigint;
    /** is_proved says that it did not. Nothing follows by itself: whoever asks a model can make it say anything. Governance may decide that the owner is punished (tributary.model.v1 MsgSlash), and the owner may add a version that declares the record. */
    readonly isProved: boolean;
    /** proved_at is the block time, in unix seconds, at which the time to answer had ended; 0 before. */
    readonly provedAt: bigint;
  };
  /** LineageLeaver is a record that was struck or removed after its window and has left a version: what it would have had went back to the others. */
  "tributary.attribution.v1.LineageLeaver": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count is the version. */
    readonly recordCount: bigint;
    /** number is the record. */
    readonly number: bigint;
  };
  /** LineagePool is what the contributors of a datanet version have earned together: by the bytes of their records, and by attested scores. */
  "tributary.attribution.v1.LineagePool": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count is the version: the datanet's records 1 to record_count. */
    readonly recordCount: bigint;
    /** weight is how many bytes these records have, as far as they stand: those that were struck in their windows, or have left, have none. */
    readonly weight: bigint;
    /** accumulator is what one byte has earned, times 2^64. */
    readonly accumulator: string;
    /** remainder is what the last division left, times 2^64, below weight; everything that came in while there is no weight. */
    readonly remainder: string;
    /** received is what came in by lineage, in the fee's denomination. */
    readonly received: string;
    /** paid is what was taken out for records: credited to contributors or, for records that have left, brought in again. */
    readonly paid: string;
    /** attested_accumulator is what one byte of a record with a perfect score has earned by attested scores, times 2^64. */
    readonly attestedAccumulator: string;
    /** attested_remainder is what the last division left, below weight. */
    readonly attestedRemainder: string;
    /** attested_received is what came in for attested scores. */
    readonly attestedReceived: string;
    /** attested_paid is what was taken out of it: credited by scores, the rest brought in by lineage. */
    readonly attestedPaid: string;
    /** is_weighed says that the windows of all records have ended and weight is known. What comes in before waits as a remainder. */
    readonly isWeighed: boolean;
    /** left is what the bytes that have left had earned by lineage when they left, times 2^64. */
    readonly left: string;
    /** attested_left is the same by attested scores. */
    readonly attestedLeft: string;
  };
  /** LineageShare is what the contributors of one datanet version earned together: the lineage's part, and that of the tokens no span covers. */
  "tributary.attribution.v1.LineageShare": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count is the version: the datanet's records 1 to record_count. */
    readonly recordCount: bigint;
    /** amount is what they earned, in the fee's denomination. */
    readonly amount: string;
  };
  /** MsgAckUse hands in a receipt that user and host signed. */
  "tributary.attribution.v1.MsgAckUse": {
    /** sender pays for the transaction; anyone who has the receipt may. */
    readonly sender: string;
    /** use_id is the use. */
    readonly useId: bigint;
    /** receipt is what was signed for. */
    readonly receipt: Messages["tributary.attribution.v1.Receipt"];
    /** user_signature is the ADR-036 signature of the receipt's text by the use's receipt_key, 64 bytes. */
    readonly userSignature: Uint8Array;
    /** host_signature is that of the host's account key. */
    readonly hostSignature: Uint8Array;
  };
  /** MsgAckUseResponse says what was charged. */
  "tributary.attribution.v1.MsgAckUseResponse": {
    /** charge is what the use came to; the rest of the fee went back. */
    readonly charge: Messages["cosmos.base.v1beta1.Coin"];
    /** is_offence says that the receipt proved under-reporting: the use was cancelled, or another receipt was handed in for it. The host was punished. */
    readonly isOffence: boolean;
  };
  /** MsgAnswerDispute shows the words of a dispute in an earlier record of the lineage. */
  "tributary.attribution.v1.MsgAnswerDispute": {
    /** owner owns the model. It is paid bounty_ppm of the challenge bond. */
    readonly owner: string;
    /** dispute_id is the dispute. */
    readonly disputeId: bigint;
    /** record_id is a record of the version's lineage, earlier than the dispute's. */
    readonly recordId: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where the words begin there, in bytes. */
    readonly recordStart: bigint;
    /** record shows them there. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"];
  };
  /** MsgAnswerDisputeResponse is empty. */
  "tributary.attribution.v1.MsgAnswerDisputeResponse": {};
  /** MsgCancelUse gives the fee back. */
  "tributary.attribution.v1.MsgCancelUse": {
    /** sender is the host, or anyone after the use has expired. */
    readonly sender: string;
    /** use_id is the use. */
    readonly useId: bigint;
  };
  /** MsgCancelUseResponse says what was given back. */
  "tributary.attribution.v1.MsgCancelUseResponse": {
    /** refund went back to the user. */
    readonly refund: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeCommonness lists places, in as many records as make a match common, where a paid match is said to stand. */
  "tributary.attribution.v1.MsgChallengeCommonness": {
    /** challenger pays the challenge bond, which goes to the host when it shows one place to be false. */
    readonly challenger: string;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** share is the paid share. */
    readonly share: Messages["tributary.attribution.v1.ShareOpening"];
    /** occurrences are the places, the earliest record first. */
    readonly occurrences: readonly Messages["tributary.attribution.v1.Occurrence"][];
  };
  /** MsgChallengeCommonnessResponse names the challenge. */
  "tributary.attribution.v1.MsgChallengeCommonnessResponse": {
    /** challenge_id is its number. */
    readonly challengeId: bigint;
    /** answer_by is the last block time, in unix seconds, at which the host may answer. */
    readonly answerBy: bigint;
  };
  /** MsgChallengeOmission shows a better match for a token of a share. */
  "tributary.attribution.v1.MsgChallengeOmission": {
    /** challenger earns the bounty. */
    readonly challenger: string;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** share is the share that lost a token. */
    readonly share: Messages["tributary.attribution.v1.ShareOpening"];
    /** match_start is where the match begins in the output, in bytes. */
    readonly matchStart: bigint;
    /** match_end is the byte behind it. */
    readonly matchEnd: bigint;
    /** output shows it there. */
    readonly output: Messages["tributary.attribution.v1.TextOpening"];
    /** record_id is the record it stands in. */
    readonly recordId: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where it begins there, in bytes. */
    readonly recordStart: bigint;
    /** record shows it there. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"];
  };
  /** MsgChallengeOmissionResponse says what was won. */
  "tributary.attribution.v1.MsgChallengeOmissionResponse": {
    /** bounty went to the challenger. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengePayout shows that the payouts do not sum up the shares. */
  "tributary.attribution.v1.MsgChallengePayout": {
    /** challenger earns the bounty. */
    readonly challenger: string;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** payees are one payee, or two that follow each other. */
    readonly payees: readonly Messages["tributary.attribution.v1.PayeeOpening"][];
    /** entries are one entry of the one payee, or two that follow each other. */
    readonly entries: readonly Messages["tributary.attribution.v1.EntryOpening"][];
    /** share is the share that an entry names, or that is missing between what is shown. */
    readonly share: Messages["tributary.attribution.v1.ShareOpening"] | undefined;
  };
  /** MsgChallengePayoutResponse says what was won. */
  "tributary.attribution.v1.MsgChallengePayoutResponse": {
    /** bounty went to the challenger. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeRank shows a passage or example that belongs between two ranks, or before the first. */
  "tributary.attribution.v1.MsgChallengeRank": {
    /** challenger earns the bounty. */
    readonly challenger: string;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** shares are the rank behind it, after the rank before it if there is one. */
    readonly shares: readonly Messages["tributary.attribution.v1.ShareOpening"][];
    /** record_id is the record that was left out. */
    readonly recordId: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where the passage begins in it; 0 for an example. */
    readonly recordStart: bigint;
    /** record shows it. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"];
    /** prompt shows the query. */
    readonly prompt: Messages["tributary.attribution.v1.TextOpening"];
    /** output shows the answer's label, for examples. */
    readonly output: Messages["tributary.attribution.v1.TextOpening"] | undefined;
  };
  /** MsgChallengeRankResponse says what was won. */
  "tributary.attribution.v1.MsgChallengeRankResponse": {
    /** bounty went to the challenger. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeSettlement shows a match that an inline settlement left out. */
  "tributary.attribution.v1.MsgChallengeSettlement": {
    /** challenger earns the informer's part of what the host loses. */
    readonly challenger: string;
    /** use_id is the use. It can be challenged for the window of a batch after it would have expired. */
    readonly useId: bigint;
    /** output is the whole output. */
    readonly output: Uint8Array;
    /** match_start is where the match begins in the output, in bytes. */
    readonly matchStart: bigint;
    /** match_end is the byte behind it. */
    readonly matchEnd: bigint;
    /** record_id is the record it stands in, whose challenge window had ended when the use was opened. */
    readonly recordId: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where it begins there, in bytes. */
    readonly recordStart: bigint;
    /** record shows it there. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"];
  };
  /** MsgChallengeSettlementResponse says what the host lost. */
  "tributary.attribution.v1.MsgChallengeSettlementResponse": {
    /** taken is what the host, and its model's backers, lost. */
    readonly taken: Messages["cosmos.base.v1beta1.Coin"];
    /** bounty is the challenger's part of it. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeShare shows that one share, or two neighbours, cannot be: by their fields alone, or by texts. */
  "tributary.attribution.v1.MsgChallengeShare": {
    /** challenger earns the bounty. */
    readonly challenger: string;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** shares are one share, or two that follow each other. */
    readonly shares: readonly Messages["tributary.attribution.v1.ShareOpening"][];
    /** output shows the output, when it matters. */
    readonly output: Messages["tributary.attribution.v1.TextOpening"] | undefined;
    /** prompt shows the prompt, when it matters. */
    readonly prompt: Messages["tributary.attribution.v1.TextOpening"] | undefined;
    /** record shows the record that the share or the chosen occurrence cites, when it matters. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"] | undefined;
    /** occurrences are the list of a common share. */
    readonly occurrences: readonly Messages["tributary.attribution.v1.Occurrence"][];
    /** chosen is which occurrence record shows. */
    readonly chosen: number;
  };
  /** MsgChallengeShareResponse says what was won. */
  "tributary.attribution.v1.MsgChallengeShareResponse": {
    /** bounty went to the challenger. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgClaim pays out what an account has earned. */
  "tributary.attribution.v1.MsgClaim": {
    /** sender pays for the transaction; anyone may. */
    readonly sender: string;
    /** beneficiary is the account that earned; its payout address is paid. */
    readonly beneficiary: string;
  };
  /** MsgClaimLineage credits records with what their datanet version earned. */
  "tributary.attribution.v1.MsgClaimLineage": {
    /** sender pays for the transaction; anyone may. */
    readonly sender: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count is the version: the datanet's records 1 to record_count. */
    readonly recordCount: bigint;
    /** numbers are the records to credit; at most 128. */
    readonly numbers: readonly bigint[];
  };
  /** MsgClaimLineageResponse says what was credited. */
  "tributary.attribution.v1.MsgClaimLineageResponse": {
    /** credited was added to the records' contributors' earnings. */
    readonly credited: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgClaimPayout claims what a payee earned from a final batch. */
  "tributary.attribution.v1.MsgClaimPayout": {
    /** sender pays for the transaction; anyone may. */
    readonly sender: string;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** payee is the payee's leaf. */
    readonly payee: Messages["tributary.attribution.v1.PayeeOpening"];
  };
  /** MsgClaimPayoutResponse says what was credited and paid. */
  "tributary.attribution.v1.MsgClaimPayoutResponse": {
    /** credited was added to the beneficiary's earnings, or to the lineage. */
    readonly credited: Messages["cosmos.base.v1beta1.Coin"];
    /** paid is what was paid out with it; nothing while the earnings are below min_claim. */
    readonly paid: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** MsgClaimResponse says what was paid and to whom. */
  "tributary.attribution.v1.MsgClaimResponse": {
    /** payout_address was paid. */
    readonly payoutAddress: string;
    /** paid is what was paid. */
    readonly paid: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** MsgContestOccurrences asks the challenger to show places of its list. */
  "tributary.attribution.v1.MsgContestOccurrences": {
    /** host posted the batch. */
    readonly host: string;
    /** challenge_id is the challenge. */
    readonly challengeId: bigint;
    /** contested are the positions in the challenge's list whose texts the host cannot get, in ascending order. */
    readonly contested: readonly number[];
  };
  /** MsgContestOccurrencesResponse says until when they must be shown. */
  "tributary.attribution.v1.MsgContestOccurrencesResponse": {
    /** show_by is the last block time, in unix seconds, at which the challenger may show them. */
    readonly showBy: bigint;
  };
  /** MsgDemand asks the host to open a part of a batch. */
  "tributary.attribution.v1.MsgDemand": {
    /** challenger pays the challenge bond, which goes to the host when it answers. */
    readonly challenger: string;
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** part is what is to be opened: a share, a payee or an entry. */
    readonly part: number;
    /** index is the share or the payee. */
    readonly index: bigint;
    /** entry is the payee's entry, or which occurrence of a common share is to be opened. */
    readonly entry: bigint;
  };
  /** MsgDemandResponse names the challenge. */
  "tributary.attribution.v1.MsgDemandResponse": {
    /** challenge_id is its number. */
    readonly challengeId: bigint;
    /** answer_by is the last block time, in unix seconds, at which the host may answer. */
    readonly answerBy: bigint;
  };
  /** MsgDisputeLineage shows that an output of a model's version holds words of a record that the version's lineage leaves out. */
  "tributary.attribution.v1.MsgDisputeLineage": {
    /** challenger pays the challenge bond, of which the model's owner has bounty_ppm when it answers. */
    readonly challenger: string;
    /** use_id is an inference, served by the model's own host, that was settled or acknowledged. */
    readonly useId: bigint;
    /** match_start is where the words begin in the output, in bytes. */
    readonly matchStart: bigint;
    /** match_end is the byte behind them. */
    readonly matchEnd: bigint;
    /** output shows them there; of an inline settlement it is the whole output, without a path. */
    readonly output: Messages["tributary.attribution.v1.TextOpening"];
    /** record_id is a final record, accepted before the version was registered, that is not of its lineage. */
    readonly recordId: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where the words begin there, in bytes. */
    readonly recordStart: bigint;
    /** record shows them there. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"];
    /** prompt is the whole prompt, at most 4096 bytes: the words must not come from it. Of an inline settlement it has no path. */
    readonly prompt: Messages["tributary.attribution.v1.TextOpening"];
  };
  /** MsgDisputeLineageResponse names the dispute. */
  "tributary.attribution.v1.MsgDisputeLineageResponse": {
    /** dispute_id is its number. */
    readonly disputeId: bigint;
    /** answer_by is the last block time, in unix seconds, at which the owner may answer. */
    readonly answerBy: bigint;
  };
  /** MsgOpenUse escrows the model's price. */
  "tributary.attribution.v1.MsgOpenUse": {
    /** user pays the fee. */
    readonly user: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** prompt_hash is the SHA-256 of the prompt, 32 bytes; it may be empty for training and access. */
    readonly promptHash: Uint8Array;
    /** max_fee is the most the user pays; the price is what is taken. In another denomination than the fee's, the fee is bought with it along the best route of pools. */
    readonly maxFee: Messages["cosmos.base.v1beta1.Coin"];
    /** receipt_key is a compressed secp256k1 key, 33 bytes, that will sign for the output; empty for the user's account key. */
    readonly receiptKey: Uint8Array;
    /** kind says what is paid for; inference when it is not given. */
    readonly kind: number;
    /** proof says by what the proved part is divided; when it is not given, spans for inference and BM25 for retrieval. */
    readonly proof: number;
    /** max_units is the most units of the model's price that the use may come to; 0 for 1. The fee for all of them is escrowed. */
    readonly maxUnits: bigint;
    /** datanet_id is what is trained on or accessed; 0 for uses of models. Such uses are settled at once. */
    readonly datanetId: bigint;
    /** host is who is to serve the use, one that offers slots for the model, or its own host. When it is empty, the chain chooses the one with most at stake among those whose fee is within max_fee. */
    readonly host: string;
  };
  /** MsgOpenUseResponse names the new use. */
  "tributary.attribution.v1.MsgOpenUseResponse": {
    /** use_id is the number of the new use. */
    readonly useId: bigint;
    /** fee is what was escrowed. */
    readonly fee: Messages["cosmos.base.v1beta1.Coin"];
    /** paid is what the fee was bought with; absent when it was paid in its own denomination. */
    readonly paid: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** host is who serves the use; of a datanet, its owner. */
    readonly host: string;
  };
  /** MsgPostBatch settles acknowledged uses of one model. */
  "tributary.attribution.v1.MsgPostBatch": {
    /** host served the uses. It pays the bond. */
    readonly host: string;
    /** use_ids are the uses, in ascending order; at most 256. */
    readonly useIds: readonly bigint[];
    /** share_count is how many leaves the tree of shares has. */
    readonly shareCount: bigint;
    /** shares_root is its root. */
    readonly sharesRoot: Uint8Array;
    /** payee_count is how many leaves the tree of payouts has. */
    readonly payeeCount: bigint;
    /** payouts_root is its root. */
    readonly payoutsRoot: Uint8Array;
    /** sum is the sum of the payouts; it must be that of the uses' proved parts. */
    readonly sum: string;
    /** body_hash is the SHA-256 of the batch's body, by which watchers find it; may be empty. */
    readonly bodyHash: Uint8Array;
    /** rules are those the batch was made by; they must be the parameters'. */
    readonly rules: Messages["tributary.attribution.v1.BatchRules"];
  };
  /** MsgPostBatchResponse names the batch. */
  "tributary.attribution.v1.MsgPostBatchResponse": {
    /** batch_id is its number. */
    readonly batchId: bigint;
    /** bond is what was taken. */
    readonly bond: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgRegisterTable stores a table of terms, which never changes. Governance names the one that new batches use. */
  "tributary.attribution.v1.MsgRegisterTable": {
    /** creator registers it. */
    readonly creator: string;
    /** table is the table; its id and creator are filled in. */
    readonly table: Messages["tributary.attribution.v1.TermTable"];
  };
  /** MsgRegisterTableResponse names the table. */
  "tributary.attribution.v1.MsgRegisterTableResponse": {
    /** table_id is its number. */
    readonly tableId: bigint;
  };
  /** MsgRespond answers a challenge: with the opening that was asked for and the texts it rests on, or with a false occurrence. */
  "tributary.attribution.v1.MsgRespond": {
    /** host posted the batch. It is paid the challenge bond. */
    readonly host: string;
    /** challenge_id is the challenge. */
    readonly challengeId: bigint;
    /** share is the share that is asked for or contested. */
    readonly share: Messages["tributary.attribution.v1.ShareOpening"] | undefined;
    /** payee is the payee that is asked for, or whose entry is. */
    readonly payee: Messages["tributary.attribution.v1.PayeeOpening"] | undefined;
    /** entry is the entry that is asked for. */
    readonly entry: Messages["tributary.attribution.v1.EntryOpening"] | undefined;
    /** output shows the output. */
    readonly output: Messages["tributary.attribution.v1.TextOpening"] | undefined;
    /** prompt shows the prompt. */
    readonly prompt: Messages["tributary.attribution.v1.TextOpening"] | undefined;
    /** record shows the record. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"] | undefined;
    /** occurrences are the list of a common share. */
    readonly occurrences: readonly Messages["tributary.attribution.v1.Occurrence"][];
    /** chosen is which of the challenger's occurrences is false. */
    readonly chosen: number;
  };
  /** MsgRespondResponse is empty. */
  "tributary.attribution.v1.MsgRespondResponse": {};
  /** MsgSettleUse hands in the output of an open use. */
  "tributary.attribution.v1.MsgSettleUse": {
    /** host served the use. */
    readonly host: string;
    /** use_id is the use. */
    readonly useId: bigint;
    /** output is what the model answered: 1 to 4096 bytes. */
    readonly output: Uint8Array;
    /** receipt is the ADR-036 signature, 64 bytes, by the use's receipt_key, of the text "tributary use receipt\nchain: {chain id}\nuse: {use id}\noutput sha256: {hex}". */
    readonly receipt: Uint8Array;
    /** spans are in the order of the output and do not overlap. */
    readonly spans: readonly Messages["tributary.attribution.v1.Span"][];
  };
  /** MsgSettleUseResponse carries how the fee was divided. */
  "tributary.attribution.v1.MsgSettleUseResponse": {
    /** payout is the record kept in the state. */
    readonly payout: Messages["tributary.attribution.v1.Payout"];
  };
  /** MsgShowOccurrences shows contested places, all of them or some. */
  "tributary.attribution.v1.MsgShowOccurrences": {
    /** challenger listed the places. */
    readonly challenger: string;
    /** challenge_id is the challenge. */
    readonly challengeId: bigint;
    /** share is the share that the challenge is about. */
    readonly share: Messages["tributary.attribution.v1.ShareOpening"];
    /** output shows its match in the output. */
    readonly output: Messages["tributary.attribution.v1.TextOpening"];
    /** shown are the places, each once. */
    readonly shown: readonly Messages["tributary.attribution.v1.ShownOccurrence"][];
  };
  /** MsgShowOccurrencesResponse says what is left to show. */
  "tributary.attribution.v1.MsgShowOccurrencesResponse": {
    /** left is how many contested places are not shown yet. With none left the batch is rejected. */
    readonly left: number;
    /** bounty is what the challenger was paid of the batch's bond; nothing while places are left. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgUpdateParams changes the module's parameters; all of them must be given. The fee's denomination stays. */
  "tributary.attribution.v1.MsgUpdateParams": {
    /** authority is the governance account. */
    readonly authority: string;
    /** params are the parameters from now on. */
    readonly params: Messages["tributary.attribution.v1.Params"];
  };
  /** MsgUpdateParamsResponse is empty. */
  "tributary.attribution.v1.MsgUpdateParamsResponse": {};
  /** Occurrence is one place where a match stands. */
  "tributary.attribution.v1.Occurrence": {
    /** record is the record. */
    readonly record: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where it begins in the record, in bytes. */
    readonly recordStart: bigint;
  };
  /** OccurrenceList is as many places as make a match common, in as many records, the earliest record first. */
  "tributary.attribution.v1.OccurrenceList": {
    /** occurrences are in the order of their records. */
    readonly occurrences: readonly Messages["tributary.attribution.v1.Occurrence"][];
  };
  /** PaidSpan is a span as it was paid for. */
  "tributary.attribution.v1.PaidSpan": {
    /** output_start is where the span begins in the output, in bytes. */
    readonly outputStart: number;
    /** length is the span's length in bytes. */
    readonly length: number;
    /** tokens is how many tokens it has. */
    readonly tokens: number;
    /** record names the record. */
    readonly record: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where the span begins in the record, in bytes. */
    readonly recordStart: bigint;
  };
  /** Params are the module's parameters. */
  "tributary.attribution.v1.Params": {
    /** lexer names the byte lexer that finds tokens; "bytes-1" is the one there is. */
    readonly lexer: string;
    /** min_span_tokens is the fewest tokens a span may have. */
    readonly minSpanTokens: number;
    /** max_spans is the most spans a settlement may have. */
    readonly maxSpans: number;
    /** max_output_bytes is the longest output, in bytes; at most 4096. */
    readonly maxOutputBytes: number;
    /** use_timeout_seconds is how long a use stays open, in seconds of block time. */
    readonly useTimeoutSeconds: number;
    /** fee_denom is the denomination of every fee. */
    readonly feeDenom: string;
    /** split divides every fee. */
    readonly split: Messages["tributary.attribution.v1.Split"];
    /** data_split divides the contributors' part. */
    readonly dataSplit: Messages["tributary.attribution.v1.DataSplit"];
    /** rules are what batches are held to. */
    readonly rules: Messages["tributary.attribution.v1.BatchRules"];
    /** game says what batches and challenges cost and how long they take. */
    readonly game: Messages["tributary.attribution.v1.GameParams"];
    /** min_claim is what an account must have earned before it is paid out, in the fee's denomination; less is carried over. */
    readonly minClaim: string;
  };
  /** Payee is one leaf of a batch's tree of payouts: all that one beneficiary earns from the batch. Its hash is SHA-256(00, encoding). */
  "tributary.attribution.v1.Payee": {
    /** beneficiary is a contributor; empty for the lineage. Payees are in ascending order of it, as bytes. */
    readonly beneficiary: string;
    /** amount sums the entries. */
    readonly amount: string;
    /** entry_count is how many shares pay the beneficiary. */
    readonly entryCount: bigint;
    /** entries_root is the root of the sum tree over the entries. */
    readonly entriesRoot: Uint8Array;
  };
  /** PayeeEntry is one share that pays a payee, a leaf of the payee's own sum tree. Its hash is SHA-256(00, encoding). */
  "tributary.attribution.v1.PayeeEntry": {
    /** share_index is the share's place in the batch's tree of shares. Entries are in ascending order of it. */
    readonly shareIndex: bigint;
    /** amount is the share's, above zero. */
    readonly amount: string;
  };
  /** PayeeOpening shows a payee under a batch's payouts_root. */
  "tributary.attribution.v1.PayeeOpening": {
    /** index is the payee's place. */
    readonly index: bigint;
    /** payee is the leaf. */
    readonly payee: Messages["tributary.attribution.v1.Payee"];
    /** path are the nodes from the leaf's sibling to a child of the root. */
    readonly path: readonly Messages["tributary.attribution.v1.SumNode"][];
  };
  /** Payout says how the fee of one settled use was divided. Its parts sum to the fee. */
  "tributary.attribution.v1.Payout": {
    /** use_id is the use. */
    readonly useId: bigint;
    /** fee is what was divided. */
    readonly fee: Messages["cosmos.base.v1beta1.Coin"];
    /** host earned host_amount. */
    readonly host: string;
    /** host_amount is the host's part. */
    readonly hostAmount: string;
    /** model_owner earned model_owner_amount. */
    readonly modelOwner: string;
    /** model_owner_amount is the model owner's part. */
    readonly modelOwnerAmount: string;
    /** validators_amount went to the fee collector. */
    readonly validatorsAmount: string;
    /** burned_amount was burned. */
    readonly burnedAmount: string;
    /** record_shares are the contributors' part for the covered tokens, in ascending order of record. */
    readonly recordShares: readonly Messages["tributary.attribution.v1.RecordShare"][];
    /** lineage_shares are what goes to the model's datanet versions, in the order of its lineage. */
    readonly lineageShares: readonly Messages["tributary.attribution.v1.LineageShare"][];
    /** spans are what was proved, in the order of the output. */
    readonly spans: readonly Messages["tributary.attribution.v1.PaidSpan"][];
    /** output_tokens is how many tokens the output has. */
    readonly outputTokens: number;
    /** output_hash is the SHA-256 of the output. */
    readonly outputHash: Uint8Array;
    /** height is the block the use was settled in. */
    readonly height: bigint;
    /** attested_amount goes to records of the model's datanet versions by the scores of their validators; where there are none, by lineage. */
    readonly attestedAmount: string;
    /** min_span_tokens is the fewest tokens a span could have. */
    readonly minSpanTokens: number;
    /** max_spans is the most spans there could be. */
    readonly maxSpans: number;
  };
  /** QueryBatchRequest names a batch. */
  "tributary.attribution.v1.QueryBatchRequest": {
    /** batch_id is the batch. */
    readonly batchId: bigint;
  };
  /** QueryBatchResponse carries a batch. */
  "tributary.attribution.v1.QueryBatchResponse": {
    /** batch is the batch. */
    readonly batch: Messages["tributary.attribution.v1.Batch"];
  };
  /** QueryBatchesRequest asks for a page of batches. */
  "tributary.attribution.v1.QueryBatchesRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryBatchesResponse carries a page of batches. */
  "tributary.attribution.v1.QueryBatchesResponse": {
    /** batches are in order of their number. */
    readonly batches: readonly Messages["tributary.attribution.v1.Batch"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryChallengeRequest names a challenge. */
  "tributary.attribution.v1.QueryChallengeRequest": {
    /** challenge_id is the challenge. */
    readonly challengeId: bigint;
  };
  /** QueryChallengeResponse carries a challenge. */
  "tributary.attribution.v1.QueryChallengeResponse": {
    /** challenge is the challenge. */
    readonly challenge: Messages["tributary.attribution.v1.Challenge"];
  };
  /** QueryChallengesRequest asks for a page of a batch's open challenges. */
  "tributary.attribution.v1.QueryChallengesRequest": {
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryChallengesResponse carries a page of challenges. */
  "tributary.attribution.v1.QueryChallengesResponse": {
    /** challenges are in order of their number. */
    readonly challenges: readonly Messages["tributary.attribution.v1.Challenge"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryDisputeRequest names a dispute. */
  "tributary.attribution.v1.QueryDisputeRequest": {
    /** dispute_id is the dispute. */
    readonly disputeId: bigint;
  };
  /** QueryDisputeResponse carries a dispute. */
  "tributary.attribution.v1.QueryDisputeResponse": {
    /** dispute is the dispute. */
    readonly dispute: Messages["tributary.attribution.v1.LineageDispute"];
  };
  /** QueryDisputesRequest asks for a page of disputes. */
  "tributary.attribution.v1.QueryDisputesRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
    /** model_id and model_version name the version whose disputes are asked for; 0 asks for all. */
    readonly modelId: bigint;
    /** model_version counts when model_id does. */
    readonly modelVersion: number;
  };
  /** QueryDisputesResponse carries a page of disputes. */
  "tributary.attribution.v1.QueryDisputesResponse": {
    /** disputes are in order of their number. */
    readonly disputes: readonly Messages["tributary.attribution.v1.LineageDispute"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryEarningsRequest names an account. */
  "tributary.attribution.v1.QueryEarningsRequest": {
    /** beneficiary is the account that earned. */
    readonly beneficiary: string;
  };
  /** QueryEarningsResponse carries its earnings. */
  "tributary.attribution.v1.QueryEarningsResponse": {
    /** earnings has one entry for each denomination. */
    readonly earnings: readonly Messages["tributary.attribution.v1.Earnings"][];
  };
  /** QueryLineagePoolsRequest names a record. */
  "tributary.attribution.v1.QueryLineagePoolsRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is a record of it. */
    readonly number: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryLineagePoolsResponse carries a page of versions. */
  "tributary.attribution.v1.QueryLineagePoolsResponse": {
    /** earnings are in order of the versions' record counts. */
    readonly earnings: readonly Messages["tributary.attribution.v1.QueryLineageResponse"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryLineageRequest names a datanet version, and a record of it. */
  "tributary.attribution.v1.QueryLineageRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count is the version: the datanet's records 1 to record_count. */
    readonly recordCount: bigint;
    /** number is a record of it; 0 for none. */
    readonly number: bigint;
  };
  /** QueryLineageResponse carries what a version earned. */
  "tributary.attribution.v1.QueryLineageResponse": {
    /** pool is what it earned. */
    readonly pool: Messages["tributary.attribution.v1.LineagePool"];
    /** pending is what the record can be credited, in the fee's denomination. */
    readonly pending: Messages["cosmos.base.v1beta1.Coin"];
    /** attested is the part of it that its scores have earned. */
    readonly attested: Messages["cosmos.base.v1beta1.Coin"];
    /** is_unscored says that a further part waits for the first score of a validator. */
    readonly isUnscored: boolean;
  };
  /** QueryOpenUsesRequest asks for a page of a model's open uses. */
  "tributary.attribution.v1.QueryOpenUsesRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryOpenUsesResponse carries a page of open uses. */
  "tributary.attribution.v1.QueryOpenUsesResponse": {
    /** uses are in order of their number. */
    readonly uses: readonly Messages["tributary.attribution.v1.Use"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryParamsRequest asks for the parameters. */
  "tributary.attribution.v1.QueryParamsRequest": {};
  /** QueryParamsResponse carries the parameters. */
  "tributary.attribution.v1.QueryParamsResponse": {
    /** params are the parameters. */
    readonly params: Messages["tributary.attribution.v1.Params"];
  };
  /** QueryPayeeClaimedRequest names a payee of a batch. */
  "tributary.attribution.v1.QueryPayeeClaimedRequest": {
    /** batch_id is the batch. */
    readonly batchId: bigint;
    /** index is the payee's place. */
    readonly index: bigint;
  };
  /** QueryPayeeClaimedResponse says whether it was paid. */
  "tributary.attribution.v1.QueryPayeeClaimedResponse": {
    /** claimed says so. */
    readonly claimed: boolean;
  };
  /** QueryPayoutRequest names a use. */
  "tributary.attribution.v1.QueryPayoutRequest": {
    /** use_id is the use. */
    readonly useId: bigint;
  };
  /** QueryPayoutResponse carries a payout. */
  "tributary.attribution.v1.QueryPayoutResponse": {
    /** payout is the payout. */
    readonly payout: Messages["tributary.attribution.v1.Payout"];
  };
  /** QueryPayoutsRequest asks for a page of payouts. */
  "tributary.attribution.v1.QueryPayoutsRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryPayoutsResponse carries a page of payouts. */
  "tributary.attribution.v1.QueryPayoutsResponse": {
    /** payouts are in order of their use. */
    readonly payouts: readonly Messages["tributary.attribution.v1.Payout"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryQuoteUseRequest says what would be asked for. */
  "tributary.attribution.v1.QueryQuoteUseRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** host is who is to serve; empty for whom the chain would choose. */
    readonly host: string;
    /** max_units is the most units; 0 for 1. */
    readonly maxUnits: bigint;
    /** max_fee is the most that would be paid; without it, hosts of any price are looked at. */
    readonly maxFee: Messages["cosmos.base.v1beta1.Coin"] | undefined;
  };
  /** QueryQuoteUseResponse says where the use would go. */
  "tributary.attribution.v1.QueryQuoteUseResponse": {
    /** host is who would serve it. */
    readonly host: string;
    /** price is what a unit costs there. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
    /** fee is what would be escrowed. */
    readonly fee: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QuerySplitPreviewRequest names an amount. */
  "tributary.attribution.v1.QuerySplitPreviewRequest": {
    /** amount is the fee in the fee denomination. */
    readonly amount: string;
  };
  /** QuerySplitPreviewResponse carries the five parts. */
  "tributary.attribution.v1.QuerySplitPreviewResponse": {
    /** host is the host's part. */
    readonly host: Messages["cosmos.base.v1beta1.Coin"];
    /** model_owner is the model owner's part. */
    readonly modelOwner: Messages["cosmos.base.v1beta1.Coin"];
    /** contributors is the contributors' part. */
    readonly contributors: Messages["cosmos.base.v1beta1.Coin"];
    /** validators is the fee collector's part. */
    readonly validators: Messages["cosmos.base.v1beta1.Coin"];
    /** burn is what is burned. */
    readonly burn: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QueryTableRequest names a table. */
  "tributary.attribution.v1.QueryTableRequest": {
    /** table_id is the table. */
    readonly tableId: bigint;
  };
  /** QueryTableResponse carries a table. */
  "tributary.attribution.v1.QueryTableResponse": {
    /** table is the table. */
    readonly table: Messages["tributary.attribution.v1.TermTable"];
  };
  /** QueryUseRequest names a use. */
  "tributary.attribution.v1.QueryUseRequest": {
    /** use_id is the use. */
    readonly useId: bigint;
  };
  /** QueryUseResponse carries a use. */
  "tributary.attribution.v1.QueryUseResponse": {
    /** use is the use. */
    readonly use: Messages["tributary.attribution.v1.Use"];
  };
  /** QueryUsesRequest asks for a page of uses. */
  "tributary.attribution.v1.QueryUsesRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryUsesResponse carries a page of uses. */
  "tributary.attribution.v1.QueryUsesResponse": {
    /** uses are in order of their number. */
    readonly uses: readonly Messages["tributary.attribution.v1.Use"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Receipt is what user and host sign when a use is served. */
  "tributary.attribution.v1.Receipt": {
    /** prompt_root is the text root of the prompt. */
    readonly promptRoot: Uint8Array;
    /** prompt_length is its length in bytes. */
    readonly promptLength: bigint;
    /** output_root is the text root of the output. */
    readonly outputRoot: Uint8Array;
    /** output_length is its length in bytes. */
    readonly outputLength: bigint;
    /** units is how many units of the model's price the use came to. */
    readonly units: bigint;
  };
  /** RecordShare is what one record earned. */
  "tributary.attribution.v1.RecordShare": {
    /** record names the record. */
    readonly record: Messages["tributary.datanet.v1.RecordId"];
    /** contributor is the account that earned it. */
    readonly contributor: string;
    /** tokens is how many tokens of the output the record covers. */
    readonly tokens: number;
    /** amount is what it earned, in the fee's denomination. */
    readonly amount: string;
  };
  /** Share is one leaf of a batch's tree of shares: what a stretch or rank of one use earns, and for whom. Its hash is SHA-256(00, encoding). */
  "tributary.attribution.v1.Share": {
    /** use_position is the use, counted from 0 in the batch's list. */
    readonly usePosition: number;
    /** kind says what the share rests on. */
    readonly kind: number;
    /** start is the first byte of the stretch in the output, or the rank, from 0. */
    readonly start: bigint;
    /** end is the byte or rank behind it: where the use's next share starts. */
    readonly end: bigint;
    /** weight_before sums the weights of the use's shares before this one. */
    readonly weightBefore: string;
    /** weight_after is weight_before and this share's weight. */
    readonly weightAfter: string;
    /** weight_total sums the weights of all shares of the use. */
    readonly weightTotal: string;
    /** amount is floor(part * weight_after / weight_total) - floor(part * weight_before / weight_total), with the use's proved part. */
    readonly amount: string;
    /** beneficiary is the record's contributor; empty for the lineage. */
    readonly beneficiary: string;
    /** match_start is where the match begins in the output, in bytes. */
    readonly matchStart: bigint;
    /** match_end is the byte behind it. */
    readonly matchEnd: bigint;
    /** match_tokens is how many tokens it has. */
    readonly matchTokens: number;
    /** record is the record that is cited; absent for unmatched and common shares. */
    readonly record: Messages["tributary.datanet.v1.RecordId"] | undefined;
    /** record_start is where the match or the passage begins in the record, in bytes. */
    readonly recordStart: bigint;
    /** occurrences_hash is the SHA-256 of the encoded OccurrenceList of a common share. */
    readonly occurrencesHash: Uint8Array;
    /** score is a passage's score, or a neighbour's squared distance. */
    readonly score: bigint;
    /** value is a neighbour's Shapley value as a numerator, possibly negative; empty otherwise. */
    readonly value: string;
    /** agrees says that a neighbour's label is the answer's. */
    readonly agrees: boolean;
  };
  /** ShareOpening shows a share under a batch's shares_root. */
  "tributary.attribution.v1.ShareOpening": {
    /** index is the share's place. */
    readonly index: bigint;
    /** share is the leaf. */
    readonly share: Messages["tributary.attribution.v1.Share"];
    /** path are the hashes from the leaf's sibling to a child of the root (RFC 6962). */
    readonly path: readonly Uint8Array[];
  };
  /** ShownOccurrence shows that a listed place holds the match. */
  "tributary.attribution.v1.ShownOccurrence": {
    /** chosen is its position in the challenge's list. */
    readonly chosen: number;
    /** record shows the match in the record. */
    readonly record: Messages["tributary.attribution.v1.TextOpening"];
  };
  /** Span says that a stretch of the output stands, byte for byte, in a record, and proves it. That no better span was left out is for others to challenge (ChallengeSettlement). */
  "tributary.attribution.v1.Span": {
    /** output_start is where the span begins in the output, in bytes. */
    readonly outputStart: number;
    /** length is the span's length in bytes. */
    readonly length: number;
    /** record names the record. */
    readonly record: Messages["tributary.datanet.v1.RecordId"];
    /** record_start is where the span begins in the record, in bytes. */
    readonly recordStart: bigint;
    /** chunks are the bytes of the record's 128-byte chunks that hold the span and the byte before and after it, in order. */
    readonly chunks: Uint8Array;
    /** path are the hashes that lead from those chunks to the text_root: from the chunks upwards, on each level the left one first. */
    readonly path: readonly Uint8Array[];
  };
  /** Split divides a fee in parts per million. The five parts sum to 1000000. */
  "tributary.attribution.v1.Split": {
    /** host_ppm goes to the host that served the use. */
    readonly hostPpm: number;
    /** model_owner_ppm goes to the owner of the model. */
    readonly modelOwnerPpm: number;
    /** contributors_ppm goes to the contributors of the records found in the output. */
    readonly contributorsPpm: number;
    /** validators_ppm goes to the fee collector. */
    readonly validatorsPpm: number;
    /** burn_ppm is burned. */
    readonly burnPpm: number;
  };
  /** SumNode is a node of a sum tree. A parent's hash is SHA-256(01, left sum, left hash, right sum, right hash), sums as 16 bytes, big-endian. */
  "tributary.attribution.v1.SumNode": {
    /** sum is the sum of the leaves under the node. */
    readonly sum: string;
    /** hash is the node's hash. */
    readonly hash: Uint8Array;
  };
  /** TermCount is what a table knows of one term. */
  "tributary.attribution.v1.TermCount": {
    /** term are its bytes, 1 to 32, in lower case. */
    readonly term: Uint8Array;
    /** occurrences is how often it stands in the texts. */
    readonly occurrences: bigint;
    /** documents is how many passages hold it. */
    readonly documents: bigint;
  };
  /** TermTable is what weights and scores are counted with: how common terms are. It never changes. */
  "tributary.attribution.v1.TermTable": {
    /** id counts from 1. */
    readonly id: bigint;
    /** creator registered it. */
    readonly creator: string;
    /** tokens is how many tokens the texts have. */
    readonly tokens: bigint;
    /** documents is how many passages they have. */
    readonly documents: bigint;
    /** average_tokens is how many terms a passage has, on average, at least 1. */
    readonly averageTokens: bigint;
    /** rest_occurrences is what a term that is not listed is taken to occur. */
    readonly restOccurrences: bigint;
    /** rest_documents is how many passages are taken to hold such a term. */
    readonly restDocuments: bigint;
    /** terms are the commonest terms, in ascending order of their bytes; at most 1024. */
    readonly terms: readonly Messages["tributary.attribution.v1.TermCount"][];
  };
  /** TextOpening shows neighbouring 128-byte chunks of an output, a prompt or a record under its text root. */
  "tributary.attribution.v1.TextOpening": {
    /** first_chunk is the number of the first chunk. */
    readonly firstChunk: bigint;
    /** chunks are their bytes. */
    readonly chunks: Uint8Array;
    /** path are the hashes that lead to the root, from the chunks upwards, the left one first on each level. */
    readonly path: readonly Uint8Array[];
  };
  /** Use is one paid use of a model. */
  "tributary.attribution.v1.Use": {
    /** id counts from 1. */
    readonly id: bigint;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** user pays the fee. */
    readonly user: string;
    /** host is the model's host when the use was opened; only it may settle. */
    readonly host: string;
    /** fee is the most the use can cost, held in escrow while it is open: the model's price when it was opened, times max_units. */
    readonly fee: Messages["cosmos.base.v1beta1.Coin"];
    /** prompt_hash is the SHA-256 of the prompt, which is handed to the host off the chain. */
    readonly promptHash: Uint8Array;
    /** receipt_key is the compressed secp256k1 key, 33 bytes, that signs for the output. */
    readonly receiptKey: Uint8Array;
    /** opened_height is the block the use was opened in. */
    readonly openedHeight: bigint;
    /** expires_at is the last block time, in unix seconds, at which the use can be settled. */
    readonly expiresAt: bigint;
    /** status is where the use stands. */
    readonly status: number;
    /** output_hash is the SHA-256 of the output of a settled use. */
    readonly outputHash: Uint8Array;
    /** closed_height is the block the use was settled or cancelled in. */
    readonly closedHeight: bigint;
    /** kind says what is paid for. */
    readonly kind: number;
    /** proof says by what the proved part is divided. */
    readonly proof: number;
    /** max_units is the most units the fee pays for. */
    readonly maxUnits: bigint;
    /** receipt is what user and host signed for; absent before. */
    readonly receipt: Messages["tributary.attribution.v1.Receipt"] | undefined;
    /** parts divide the charge of an acknowledged use. */
    readonly parts: Messages["tributary.attribution.v1.BatchParts"] | undefined;
    /** proved is the part of the charge that is divided by proof. */
    readonly proved: string;
    /** settle_by is the last block time, in unix seconds, at which an acknowledged use can be put in a batch. */
    readonly settleBy: bigint;
    /** batch_id is the batch that settles the use. */
    readonly batchId: bigint;
    /** datanet_id is what is trained on or accessed; 0 for uses of models. */
    readonly datanetId: bigint;
    /** record_count is how many of its records, from the first: those whose challenge windows had ended, or all where none had. */
    readonly recordCount: bigint;
    /** opened_at is the block time, in unix seconds, at which the use was opened. */
    readonly openedAt: bigint;
    /** model_version is the model's version when the use was opened; 0 for uses of datanets. */
    readonly modelVersion: number;
    /** is_reported says that the host was punished over this use: for another receipt of it, or for spans that its settlement left out. */
    readonly isReported: boolean;
    /** paid is what of other tokens the user bought the fee with; absent when it was paid in its own denomination. Refunds are in the fee's. */
    readonly paid: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** is_own_host says that the host was the model's own when the use was opened, not one that offers slots. */
    readonly isOwnHost: boolean;
    /** is_refused says that the use was cancelled by its host. A receipt that the host signed all the same proves that it hid the use. */
    readonly isRefused: boolean;
  };
  /** Access counts what an account has accessed by spending tokens. */
  "tributary.datanet.v1.Access": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** holder accessed. */
    readonly holder: string;
    /** units is how many units it has spent. */
    readonly units: string;
    /** last_height is the block of the last access. */
    readonly lastHeight: bigint;
  };
  /** AccessGrant gives an account a content key. Who has unwrapped a key once keeps it: revoking a grant cannot take it back. */
  "tributary.datanet.v1.AccessGrant": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** key_version is the content key that is wrapped. */
    readonly keyVersion: number;
    /** grantee may unwrap it. */
    readonly grantee: string;
    /** recipient_key is the grantee's X25519 public key that it is wrapped for. */
    readonly recipientKey: Uint8Array;
    /** wrapped_key is the content key, encrypted. */
    readonly wrappedKey: Uint8Array;
    /** granter is the owner or curator who wrapped it. */
    readonly granter: string;
    /** height is the block of the grant. */
    readonly height: bigint;
    /** is_revoked says that the grantee is not meant to be given later keys. */
    readonly isRevoked: boolean;
  };
  /** Accumulator commits to all records of a datanet that were ever accepted: the peaks of a Merkle mountain range. */
  "tributary.datanet.v1.Accumulator": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** size is how many records it holds. */
    readonly size: bigint;
    /** peaks are the roots of its perfect trees, the largest first. Hashed together from the right they are the RFC 6962 root. */
    readonly peaks: readonly Uint8Array[];
  };
  /** AccumulatorNode is the root of one perfect tree of 256^n records, kept so that proofs are short to make. */
  "tributary.datanet.v1.AccumulatorNode": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** level is the height of the tree: 8, 16, 24 and so on. */
    readonly level: number;
    /** index counts the trees of this height from 0. */
    readonly index: bigint;
    /** hash is the root of the tree. */
    readonly hash: Uint8Array;
  };
  /** Attestation is an account's word about a record. Submitting a record says only that its text existed; this says more. */
  "tributary.datanet.v1.Attestation": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** attestor gives its word. */
    readonly attestor: string;
    /** kind is what it says. */
    readonly kind: number;
    /** note may say more, or where more can be read. */
    readonly note: string;
    /** height is the block it was given in. */
    readonly height: bigint;
  };
  /** ClassCount counts a class in a version. */
  "tributary.datanet.v1.ClassCount": {
    /** class is the class. */
    readonly class: string;
    /** records is how many records of it there are. */
    readonly records: bigint;
  };
  /** ClassQuota bounds a class in a version. */
  "tributary.datanet.v1.ClassQuota": {
    /** class is the class. */
    readonly class: string;
    /** max_records is the most records of it. */
    readonly maxRecords: bigint;
  };
  /** Commitment holds a place for records that are not shown yet. */
  "tributary.datanet.v1.Commitment": {
    /** id counts commitments from 1. */
    readonly id: bigint;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** contributor committed and is the only one who can reveal. */
    readonly contributor: string;
    /** hash is the commitment, 32 bytes. */
    readonly hash: Uint8Array;
    /** height is the block it was made in. */
    readonly height: bigint;
    /** expires_at is until when it can be revealed, in seconds since 1970. After it the deposit is burned. */
    readonly expiresAt: bigint;
    /** deposit is what the module's account holds for it. */
    readonly deposit: bigint;
    /** is_deposit_sponsored says that the datanet's fund paid the deposit and gets it back, even when the commitment expires. */
    readonly isDepositSponsored: boolean;
  };
  /** CurationVote is the vote of the owner or a curator on a record. */
  "tributary.datanet.v1.CurationVote": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** curator voted. */
    readonly curator: string;
    /** approve is a vote for the record. */
    readonly approve: boolean;
    /** height is the block of the vote. */
    readonly height: bigint;
  };
  /** Datanet is a named collection of records under one licence. */
  "tributary.datanet.v1.Datanet": {
    /** id counts from 1. */
    readonly id: bigint;
    /** name is unique on the chain: 3 to 64 of a-z, 0-9 and "-", beginning with a letter. */
    readonly name: string;
    /** owner created the datanet. */
    readonly owner: string;
    /** licence is the licence of every record that does not name its own, best as an SPDX expression. */
    readonly licence: string;
    /** terms says where the full terms can be read. */
    readonly terms: string;
    /** admission says who may join. */
    readonly admission: number;
    /** join_fee is what a joining account pays to the treasury; absent or zero for none. */
    readonly joinFee: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** treasury receives join fees, the price of tokens that are bought, and payouts of batches that nobody claimed. */
    readonly treasury: string;
    /** curators may admit accounts, beside the owner. */
    readonly curators: readonly string[];
    /** validators score records, 16 at most. */
    readonly validators: readonly string[];
    /** record_count is how many records were accepted; also the number of the newest. */
    readonly recordCount: bigint;
    /** byte_count sums the lengths of the records, in bytes. */
    readonly byteCount: bigint;
    /** member_count is how many accounts have joined, the owner included. */
    readonly memberCount: bigint;
    /** created_height is the block the datanet was created in. */
    readonly createdHeight: bigint;
    /** record_bond is what every record is bonded with beside what its length adds, in the smallest unit of the bond denomination; never below the parameters' floor. */
    readonly recordBond: bigint;
    /** curation_quorum is how many votes of the owner and curators reject a record; zero for no curation. */
    readonly curationQuorum: number;
    /** access_price is what one unit of the datanet's token costs, paid to the treasury; absent or zero when none are sold. */
    readonly accessPrice: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** sponsorship is what the datanet pays for newcomers; absent for nothing. */
    readonly sponsorship: Messages["tributary.datanet.v1.Sponsorship"] | undefined;
    /** is_private says that the texts are encrypted under the content key. */
    readonly isPrivate: boolean;
    /** key_version counts the content keys of the datanet; zero before the first. */
    readonly keyVersion: number;
    /** earning_records is how many records may earn: pending and final ones. */
    readonly earningRecords: bigint;
    /** earning_bytes sums the lengths of records that may earn. */
    readonly earningBytes: bigint;
    /** segment_count is how many segments were sealed, struck ones included. */
    readonly segmentCount: bigint;
    /** sealed_through is the number of the last record that a segment covers. */
    readonly sealedThrough: bigint;
    /** version_count is how many versions were published. */
    readonly versionCount: bigint;
    /** commit_first says that records must be committed to before they are shown. */
    readonly commitFirst: boolean;
    /** final_count is up to which record all challenge windows have ended. What is paid by bytes counts these, as far as they stand. */
    readonly finalCount: bigint;
  };
  /** Demand asks for a byte of a segment or of a record to be shown. Unanswered, it strikes the segment or the record. */
  "tributary.datanet.v1.Demand": {
    /** id counts demands from 1. */
    readonly id: bigint;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** segment is the segment's index; zero for a record. */
    readonly segment: bigint;
    /** part says whether its text or its suffix array is to be shown, or a record. */
    readonly part: number;
    /** offset is the byte of it that the opening must hold. */
    readonly offset: bigint;
    /** challenger asked, and loses the bond when it is answered. */
    readonly challenger: string;
    /** bond is what the module's account holds for it. */
    readonly bond: bigint;
    /** answer_by is until when it can be answered, in seconds since 1970. */
    readonly answerBy: bigint;
    /** number is the record that the byte belongs to; zero for the suffix array. Of a segment, nobody need answer when it may not earn any more. */
    readonly number: bigint;
  };
  /** EncryptionKey is the key under which content keys are wrapped for an account. */
  "tributary.datanet.v1.EncryptionKey": {
    /** account owns the key. */
    readonly account: string;
    /** public_key is an X25519 public key, 32 bytes. */
    readonly publicKey: Uint8Array;
  };
  /** Fingerprint is what a record declared of its text: entries of 8 bytes of hash and 4 bytes of offset. */
  "tributary.datanet.v1.Fingerprint": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** entries are the declared entries end to end, ascending by hash. */
    readonly entries: Uint8Array;
    /** owned says in a genesis file which entries no earlier record had: bit i for entry i. It is zero elsewhere. */
    readonly owned: bigint;
  };
  /** GenesisState is the module's state in a genesis file. */
  "tributary.datanet.v1.GenesisState": {
    /** datanets are in order of their number, without gaps from 1. */
    readonly datanets: readonly Messages["tributary.datanet.v1.Datanet"][];
    /** records are in order of datanet and number, without gaps from 1. */
    readonly records: readonly Messages["tributary.datanet.v1.Record"][];
    /** members are the datanets' members. */
    readonly members: readonly Messages["tributary.datanet.v1.Member"][];
    /** payout_addresses are those that differ from the account itself. */
    readonly payoutAddresses: readonly Messages["tributary.datanet.v1.PayoutAddress"][];
    /** params are the parameters. */
    readonly params: Messages["tributary.datanet.v1.Params"];
    /** commitments are those that were neither revealed nor have expired, ascending. */
    readonly commitments: readonly Messages["tributary.datanet.v1.Commitment"][];
    /** fingerprints are what records declared. */
    readonly fingerprints: readonly Messages["tributary.datanet.v1.Fingerprint"][];
    /** accumulators are the peaks of each datanet with records. */
    readonly accumulators: readonly Messages["tributary.datanet.v1.Accumulator"][];
    /** accumulator_nodes are the kept inner nodes. */
    readonly accumulatorNodes: readonly Messages["tributary.datanet.v1.AccumulatorNode"][];
    /** attestations are accounts' words about records. */
    readonly attestations: readonly Messages["tributary.datanet.v1.Attestation"][];
    /** curation_votes are votes on records. */
    readonly curationVotes: readonly Messages["tributary.datanet.v1.CurationVote"][];
    /** scores are the validators' counts. */
    readonly scores: readonly Messages["tributary.datanet.v1.Score"][];
    /** notices are takedown notices, ascending without gaps from 1. */
    readonly notices: readonly Messages["tributary.datanet.v1.Notice"][];
    /** segments are in order of datanet and index, without gaps from 1. */
    readonly segments: readonly Messages["tributary.datanet.v1.Segment"][];
    /** placements say where records stand in segments. */
    readonly placements: readonly Messages["tributary.datanet.v1.Placement"][];
    /** versions are in order of datanet and version, without gaps from 1. */
    readonly versions: readonly Messages["tributary.datanet.v1.Version"][];
    /** encryption_keys are the accounts' keys. */
    readonly encryptionKeys: readonly Messages["tributary.datanet.v1.EncryptionKey"][];
    /** access_grants are wrapped content keys. */
    readonly accessGrants: readonly Messages["tributary.datanet.v1.AccessGrant"][];
    /** token_supplies count the datanets' tokens. */
    readonly tokenSupplies: readonly Messages["tributary.datanet.v1.TokenSupply"][];
    /** accesses count what accounts have accessed. */
    readonly accesses: readonly Messages["tributary.datanet.v1.Access"][];
    /** newcomers are accounts that datanets pay for. */
    readonly newcomers: readonly Messages["tributary.datanet.v1.Newcomer"][];
    /** next_commitment_id is the number of the next commitment. */
    readonly nextCommitmentId: bigint;
    /** demands are those that wait for answers, ascending. */
    readonly demands: readonly Messages["tributary.datanet.v1.Demand"][];
    /** next_demand_id is the number of the next demand. */
    readonly nextDemandId: bigint;
  };
  /** Member is an account's part in a datanet. */
  "tributary.datanet.v1.Member": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** address is the account. */
    readonly address: string;
    /** joined_height is the block in which the account joined. */
    readonly joinedHeight: bigint;
    /** record_count is how many records of the account were accepted. */
    readonly recordCount: bigint;
    /** byte_count sums their lengths, in bytes. */
    readonly byteCount: bigint;
    /** earning_records is how many of them may earn. */
    readonly earningRecords: bigint;
    /** earning_bytes sums the lengths of these. */
    readonly earningBytes: bigint;
  };
  /** MsgAdmit makes another account a member. No join fee is taken: who admits decides. */
  "tributary.datanet.v1.MsgAdmit": {
    /** curator is the datanet's owner or one of its curators. */
    readonly curator: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** member is admitted. */
    readonly member: string;
  };
  /** MsgAdmitResponse is empty. */
  "tributary.datanet.v1.MsgAdmitResponse": {};
  /** MsgAnswerDemand shows what a demand asks for. */
  "tributary.datanet.v1.MsgAnswerDemand": {
    /** answerer gets its part of the demand's bond. */
    readonly answerer: string;
    /** demand_id is the demand. */
    readonly demandId: bigint;
    /** opening shows bytes of the segment's text or suffix array, the demanded one among them. */
    readonly opening: Messages["tributary.datanet.v1.TextOpening"];
  };
  /** MsgAnswerDemandResponse says what it paid. */
  "tributary.datanet.v1.MsgAnswerDemandResponse": {
    /** reward went to the answerer. */
    readonly reward: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgAttest gives an account's word about a record, once for each kind. */
  "tributary.datanet.v1.MsgAttest": {
    /** attestor gives its word. */
    readonly attestor: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** kind is what it says. */
    readonly kind: number;
    /** note may say more. */
    readonly note: string;
  };
  /** MsgAttestResponse is empty. */
  "tributary.datanet.v1.MsgAttestResponse": {};
  /** MsgBuyDataTokens buys units of a datanet's token. */
  "tributary.datanet.v1.MsgBuyDataTokens": {
    /** buyer pays. */
    readonly buyer: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** units is how many. */
    readonly units: string;
    /** max_price is the most the buyer pays. */
    readonly maxPrice: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgBuyDataTokensResponse says what was paid. */
  "tributary.datanet.v1.MsgBuyDataTokensResponse": {
    /** paid is what was paid. */
    readonly paid: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeDuplicate shows one run of bytes that stands in both records, or asks to compare their declared fingerprints. */
  "tributary.datanet.v1.MsgChallengeDuplicate": {
    /** challenger gets the bounty. */
    readonly challenger: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record that is challenged. */
    readonly number: bigint;
    /** earlier is the record whose claim came first. */
    readonly earlier: bigint;
    /** copy shows the run in the challenged record; absent to compare the declared fingerprints. */
    readonly copy: Messages["tributary.datanet.v1.TextOpening"] | undefined;
    /** original shows the same run in the earlier record. Its chunks may leave the run's own bytes out, which copy has. */
    readonly original: Messages["tributary.datanet.v1.TextOpening"] | undefined;
  };
  /** MsgChallengeDuplicateResponse says what it paid. */
  "tributary.datanet.v1.MsgChallengeDuplicateResponse": {
    /** bounty is the challenger's part of the bond. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeFingerprint shows a run of the record's text that contradicts its fingerprint. */
  "tributary.datanet.v1.MsgChallengeFingerprint": {
    /** challenger gets the bounty. */
    readonly challenger: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** opening shows the run. */
    readonly opening: Messages["tributary.datanet.v1.TextOpening"];
  };
  /** MsgChallengeFingerprintResponse says what it paid. */
  "tributary.datanet.v1.MsgChallengeFingerprintResponse": {
    /** bounty is the challenger's part of the bond. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeIndex shows one entry of the suffix array that is no token of the text, or two neighbours out of order, or a token between them that is left out. */
  "tributary.datanet.v1.MsgChallengeIndex": {
    /** challenger gets the bounty. */
    readonly challenger: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** segment is the segment's index. */
    readonly segment: bigint;
    /** entries shows one or two neighbouring entries, 4 bytes each, in the suffix array. */
    readonly entries: Messages["tributary.datanet.v1.TextOpening"];
    /** texts shows the text at each entry, and at the token left out last. */
    readonly texts: readonly Messages["tributary.datanet.v1.TextOpening"][];
  };
  /** MsgChallengeIndexResponse says what it paid. */
  "tributary.datanet.v1.MsgChallengeIndexResponse": {
    /** bounty is the challenger's part of the bond. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgChallengeSegment shows the same bytes of a record's text as the record and as the segment have them, and that they differ. */
  "tributary.datanet.v1.MsgChallengeSegment": {
    /** challenger gets the bounty. */
    readonly challenger: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** segment is the segment's index. */
    readonly segment: bigint;
    /** number is a record of the segment. */
    readonly number: bigint;
    /** record shows bytes of the record; their place in the segment follows. */
    readonly record: Messages["tributary.datanet.v1.TextOpening"];
    /** sealed shows the bytes of the segment at that place. */
    readonly sealed: Messages["tributary.datanet.v1.TextOpening"];
  };
  /** MsgChallengeSegmentResponse says what it paid. */
  "tributary.datanet.v1.MsgChallengeSegmentResponse": {
    /** bounty is the challenger's part of the bond. */
    readonly bounty: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgCommit holds a place for records. docs/modules/datanet.md says how the commitment is made. */
  "tributary.datanet.v1.MsgCommit": {
    /** contributor is a member of the datanet. */
    readonly contributor: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** hash is the commitment, 32 bytes. */
    readonly hash: Uint8Array;
  };
  /** MsgCommitResponse names the commitment. */
  "tributary.datanet.v1.MsgCommitResponse": {
    /** commitment_id is the commitment's number. */
    readonly commitmentId: bigint;
  };
  /** MsgContribute submits records of a member, numbered in the order given. */
  "tributary.datanet.v1.MsgContribute": {
    /** contributor is a member of the datanet. */
    readonly contributor: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** records are 1 to 128 texts. */
    readonly records: readonly Messages["tributary.datanet.v1.RecordInput"][];
    /** payout_address, when not empty, is set as by MsgSetPayoutAddress. */
    readonly payoutAddress: string;
  };
  /** MsgContributeResponse says which numbers the records were given. */
  "tributary.datanet.v1.MsgContributeResponse": {
    /** first_number is the number of the first record; the others follow. */
    readonly firstNumber: bigint;
    /** record_count is how many records were accepted. */
    readonly recordCount: bigint;
  };
  /** MsgCounterNotice answers a notice that was not decided, with a bond as high as the claimant's. For a record that the datanet's fund bonded, the fund pays it when it can. */
  "tributary.datanet.v1.MsgCounterNotice": {
    /** contributor is the record's contributor. */
    readonly contributor: string;
    /** notice_id is the notice. */
    readonly noticeId: bigint;
    /** statement is the answer. */
    readonly statement: string;
  };
  /** MsgCounterNoticeResponse is empty. */
  "tributary.datanet.v1.MsgCounterNoticeResponse": {};
  /** MsgCreateDatanet opens a datanet; its owner becomes the first member. */
  "tributary.datanet.v1.MsgCreateDatanet": {
    /** owner creates the datanet. */
    readonly owner: string;
    /** name is 3 to 64 of a-z, 0-9 and "-", beginning with a letter; unique on the chain. */
    readonly name: string;
    /** licence applies to records that do not name their own, best as an SPDX expression; required. */
    readonly licence: string;
    /** terms says where the full terms can be read; may be empty. */
    readonly terms: string;
    /** admission says who may join. */
    readonly admission: number;
    /** join_fee is what joining costs; absent or zero for nothing. */
    readonly joinFee: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** treasury receives join fees and unexplained shares; empty for the owner. */
    readonly treasury: string;
    /** curators may admit accounts, beside the owner. */
    readonly curators: readonly string[];
    /** validators score records. */
    readonly validators: readonly string[];
    /** record_bond is what every record is bonded with, in the smallest unit of the bond denomination; zero for the parameters' floor. */
    readonly recordBond: bigint;
    /** curation_quorum is how many votes of the owner and curators reject a record; zero for no curation. */
    readonly curationQuorum: number;
    /** access_price is what one unit of the datanet's token costs; absent or zero to sell none. */
    readonly accessPrice: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** sponsorship is what the datanet pays for newcomers; absent for nothing. */
    readonly sponsorship: Messages["tributary.datanet.v1.Sponsorship"] | undefined;
    /** is_private says that the texts are encrypted under the content key. */
    readonly isPrivate: boolean;
    /** commit_first says that records must be committed to before they are shown: Commit and then Reveal, not Contribute. */
    readonly commitFirst: boolean;
  };
  /** MsgCreateDatanetResponse names the new datanet. */
  "tributary.datanet.v1.MsgCreateDatanetResponse": {
    /** datanet_id is the number of the new datanet. */
    readonly datanetId: bigint;
  };
  /** MsgCurate votes on a pending record. A second vote replaces the first. */
  "tributary.datanet.v1.MsgCurate": {
    /** curator is the owner or a curator. */
    readonly curator: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** approve is a vote for the record. */
    readonly approve: boolean;
  };
  /** MsgCurateResponse says what became of the record. */
  "tributary.datanet.v1.MsgCurateResponse": {
    /** status is the record's status after the vote. */
    readonly status: number;
  };
  /** MsgDecideTakedown votes on a notice that was answered, or whose time to be answered is over. Neither side of it may vote. */
  "tributary.datanet.v1.MsgDecideTakedown": {
    /** arbiter is the owner or a curator. */
    readonly arbiter: string;
    /** notice_id is the notice. */
    readonly noticeId: bigint;
    /** uphold is a vote to take the record down. */
    readonly uphold: boolean;
  };
  /** MsgDecideTakedownResponse says where the notice stands. */
  "tributary.datanet.v1.MsgDecideTakedownResponse": {
    /** status is its status after the vote. */
    readonly status: number;
  };
  /** MsgDemandOpening asks for a byte of a segment or of a record to be shown while it can be challenged. */
  "tributary.datanet.v1.MsgDemandOpening": {
    /** challenger pays the bond, and gets the bounty when nobody answers. */
    readonly challenger: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** segment is the segment's index; zero for a record. */
    readonly segment: bigint;
    /** part says whether its text or its suffix array is to be shown, or a record's own text. */
    readonly part: number;
    /** offset is the byte that is to be shown. */
    readonly offset: bigint;
    /** number is the record whose text, or the zero byte behind it, the byte belongs to; zero for the suffix array. It must be one that may earn. */
    readonly number: bigint;
  };
  /** MsgDemandOpeningResponse names the demand. */
  "tributary.datanet.v1.MsgDemandOpeningResponse": {
    /** demand_id is its number. */
    readonly demandId: bigint;
    /** answer_by is until when it can be answered, in seconds since 1970. */
    readonly answerBy: bigint;
  };
  /** MsgFundSponsorship pays into a datanet's fund for newcomers. */
  "tributary.datanet.v1.MsgFundSponsorship": {
    /** funder pays. */
    readonly funder: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** amount is what is paid. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgFundSponsorshipResponse is empty. */
  "tributary.datanet.v1.MsgFundSponsorshipResponse": {};
  /** MsgGrantAccess stores the current content key, wrapped for an account. */
  "tributary.datanet.v1.MsgGrantAccess": {
    /** granter is the owner or a curator. */
    readonly granter: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** grantee may unwrap it. */
    readonly grantee: string;
    /** wrapped_key is the content key as the grantee can unwrap it, up to 256 bytes. */
    readonly wrappedKey: Uint8Array;
  };
  /** MsgGrantAccessResponse is empty. */
  "tributary.datanet.v1.MsgGrantAccessResponse": {};
  /** MsgInvite has the datanet pay for a newcomer, and admits it to a curated datanet. */
  "tributary.datanet.v1.MsgInvite": {
    /** inviter is the owner or a curator. */
    readonly inviter: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** newcomer is invited; once only. */
    readonly newcomer: string;
  };
  /** MsgInviteResponse names the account that pays. */
  "tributary.datanet.v1.MsgInviteResponse": {
    /** fund is the datanet's fund: the fee granter of the newcomer's transactions. */
    readonly fund: string;
  };
  /** MsgJoin makes the sender a member and pays the join fee. */
  "tributary.datanet.v1.MsgJoin": {
    /** member joins. */
    readonly member: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
  };
  /** MsgJoinResponse is empty. */
  "tributary.datanet.v1.MsgJoinResponse": {};
  /** MsgPublishVersion publishes a manifest, after checking that every record in it is sealed, may earn and keeps the rules. */
  "tributary.datanet.v1.MsgPublishVersion": {
    /** publisher is the owner or a curator. */
    readonly publisher: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** name is what people call the version. */
    readonly name: string;
    /** extends is an earlier version of the datanet to build on; zero for none. */
    readonly extends: bigint;
    /** ranges are the records it adds, ascending. */
    readonly ranges: readonly Messages["tributary.datanet.v1.RecordRange"][];
    /** parents are versions of other datanets it was made from. */
    readonly parents: readonly Messages["tributary.datanet.v1.VersionParent"][];
    /** dedupe is the rule for likenesses. */
    readonly dedupe: number;
    /** min_novelty_ppm is the floor of that rule. */
    readonly minNoveltyPpm: number;
    /** quotas bound classes. */
    readonly quotas: readonly Messages["tributary.datanet.v1.ClassQuota"][];
    /** uri says where its texts can be had; may be empty. */
    readonly uri: string;
  };
  /** MsgPublishVersionResponse names the version. */
  "tributary.datanet.v1.MsgPublishVersionResponse": {
    /** version is the version's number. */
    readonly version: bigint;
  };
  /** MsgReveal submits the records of a commitment, at least one block after it. */
  "tributary.datanet.v1.MsgReveal": {
    /** contributor made the commitment. */
    readonly contributor: string;
    /** commitment_id is the commitment. */
    readonly commitmentId: bigint;
    /** salt is the secret part of the commitment, 16 to 64 bytes. */
    readonly salt: Uint8Array;
    /** records are the records that were committed to. */
    readonly records: readonly Messages["tributary.datanet.v1.RecordInput"][];
  };
  /** MsgRevealResponse says which numbers the records have. */
  "tributary.datanet.v1.MsgRevealResponse": {
    /** numbers has the number of each record, in the order given. A text that a later claim had taken keeps its number. */
    readonly numbers: readonly bigint[];
  };
  /** MsgRevokeAccess marks an account's grants as revoked. */
  "tributary.datanet.v1.MsgRevokeAccess": {
    /** granter is the owner or a curator. */
    readonly granter: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** grantee is not meant to be given later keys. */
    readonly grantee: string;
  };
  /** MsgRevokeAccessResponse is empty. */
  "tributary.datanet.v1.MsgRevokeAccessResponse": {};
  /** MsgRotateKey begins a new content key. */
  "tributary.datanet.v1.MsgRotateKey": {
    /** owner owns the datanet. */
    readonly owner: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
  };
  /** MsgRotateKeyResponse names the key. */
  "tributary.datanet.v1.MsgRotateKeyResponse": {
    /** key_version is the new key's number. */
    readonly keyVersion: number;
  };
  /** MsgScoreRecord hands in counts. A second score of a validator replaces its first. */
  "tributary.datanet.v1.MsgScoreRecord": {
    /** validator is a validator of the datanet. */
    readonly validator: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** required_cells is how many parts every record should have. */
    readonly requiredCells: number;
    /** present_cells is how many of them it has. */
    readonly presentCells: number;
    /** audited_items is how many statements were compared with a trusted answer. */
    readonly auditedItems: number;
    /** correct_items is how many of them agreed. */
    readonly correctItems: number;
    /** checked_rules is how many rules were applied. */
    readonly checkedRules: number;
    /** broken_rules is how many of them it breaks. */
    readonly brokenRules: number;
  };
  /** MsgScoreRecordResponse is empty. */
  "tributary.datanet.v1.MsgScoreRecordResponse": {};
  /** MsgSealSegment seals records from the first unsealed one on, or the run of a struck segment again. */
  "tributary.datanet.v1.MsgSealSegment": {
    /** sealer is the owner or a curator. */
    readonly sealer: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** last is the number of the last record; for a struck segment, its own. */
    readonly last: bigint;
    /** text_root is the root over the segment's text, 32 bytes. */
    readonly textRoot: Uint8Array;
    /** index_root is the root over its suffix array; empty for none. */
    readonly indexRoot: Uint8Array;
    /** index_count is how many offsets the suffix array has; zero for none. */
    readonly indexCount: bigint;
    /** replaces is a struck segment whose run is sealed again; zero for the next run. */
    readonly replaces: bigint;
    /** left_out are records of a new run that the segment does not hold, ascending: those whose texts the sealer cannot get. */
    readonly leftOut: readonly bigint[];
  };
  /** MsgSealSegmentResponse describes the segment. */
  "tributary.datanet.v1.MsgSealSegmentResponse": {
    /** segment is the segment. */
    readonly segment: Messages["tributary.datanet.v1.Segment"];
  };
  /** MsgSetEncryptionKey says under which X25519 key content keys are wrapped for an account. */
  "tributary.datanet.v1.MsgSetEncryptionKey": {
    /** account owns the key. */
    readonly account: string;
    /** public_key is the public key, 32 bytes; empty to have none. */
    readonly publicKey: Uint8Array;
  };
  /** MsgSetEncryptionKeyResponse is empty. */
  "tributary.datanet.v1.MsgSetEncryptionKeyResponse": {};
  /** MsgSetPayoutAddress says where the contributor's earnings are paid, those already accrued included. */
  "tributary.datanet.v1.MsgSetPayoutAddress": {
    /** contributor is the account that earns. */
    readonly contributor: string;
    /** payout_address is the account to pay; empty to pay the contributor itself again. */
    readonly payoutAddress: string;
  };
  /** MsgSetPayoutAddressResponse is empty. */
  "tributary.datanet.v1.MsgSetPayoutAddressResponse": {};
  /** MsgSpendDataTokens spends units, each for one licensed access. */
  "tributary.datanet.v1.MsgSpendDataTokens": {
    /** holder accesses. */
    readonly holder: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** units is how many. */
    readonly units: string;
  };
  /** MsgSpendDataTokensResponse says how often the holder has accessed. */
  "tributary.datanet.v1.MsgSpendDataTokensResponse": {
    /** total is how many units the holder has spent in all. */
    readonly total: string;
  };
  /** MsgTakedown asks for a record to be taken down. */
  "tributary.datanet.v1.MsgTakedown": {
    /** claimant bonds its claim. */
    readonly claimant: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** reason is the claim. */
    readonly reason: string;
    /** evidence says where more can be read; may be empty. */
    readonly evidence: string;
  };
  /** MsgTakedownResponse names the notice. */
  "tributary.datanet.v1.MsgTakedownResponse": {
    /** notice_id is the notice's number. */
    readonly noticeId: bigint;
    /** bond is what was bonded. */
    readonly bond: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgUpdateDatanet changes a datanet. Every field is set as it is given. */
  "tributary.datanet.v1.MsgUpdateDatanet": {
    /** owner owns the datanet. */
    readonly owner: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** new_owner owns it from now on; empty for no change. */
    readonly newOwner: string;
    /** treasury receives join fees, sales and unexplained shares; empty for the owner. */
    readonly treasury: string;
    /** curators admit, vote, seal and publish, beside the owner. */
    readonly curators: readonly string[];
    /** validators score records. */
    readonly validators: readonly string[];
    /** join_fee is what joining costs; absent or zero for nothing. */
    readonly joinFee: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** access_price is what one unit of the token costs; absent or zero to sell none. */
    readonly accessPrice: Messages["cosmos.base.v1beta1.Coin"] | undefined;
    /** record_bond is what later records are bonded with; zero for the parameters' floor. */
    readonly recordBond: bigint;
    /** curation_quorum is how many votes reject a record; zero for no curation. */
    readonly curationQuorum: number;
    /** sponsorship is what the datanet pays for newcomers; absent for nothing. */
    readonly sponsorship: Messages["tributary.datanet.v1.Sponsorship"] | undefined;
  };
  /** MsgUpdateDatanetResponse is empty. */
  "tributary.datanet.v1.MsgUpdateDatanetResponse": {};
  /** MsgUpdateParams sets all parameters. */
  "tributary.datanet.v1.MsgUpdateParams": {
    /** authority is the governance account. */
    readonly authority: string;
    /** params are the new parameters. */
    readonly params: Messages["tributary.datanet.v1.Params"];
  };
  /** MsgUpdateParamsResponse is empty. */
  "tributary.datanet.v1.MsgUpdateParamsResponse": {};
  /** MsgWithdrawSponsorship takes coins of the fund to the treasury. */
  "tributary.datanet.v1.MsgWithdrawSponsorship": {
    /** owner owns the datanet. */
    readonly owner: string;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** amount is what is taken. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgWithdrawSponsorshipResponse is empty. */
  "tributary.datanet.v1.MsgWithdrawSponsorshipResponse": {};
  /** Newcomer is an account that a datanet pays for. */
  "tributary.datanet.v1.Newcomer": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** address is the account. */
    readonly address: string;
    /** bonds_left is for how many more records the fund pays the bond. */
    readonly bondsLeft: number;
    /** height is the block of the invitation. */
    readonly height: bigint;
  };
  /** Notice asks for a record to be taken down. */
  "tributary.datanet.v1.Notice": {
    /** id counts notices from 1. */
    readonly id: bigint;
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** claimant asks. */
    readonly claimant: string;
    /** reason is the claim. */
    readonly reason: string;
    /** evidence says where more can be read. */
    readonly evidence: string;
    /** bond is what the module's account holds of the claimant. */
    readonly bond: bigint;
    /** status says where the notice stands. */
    readonly status: number;
    /** counter_statement is the contributor's answer. */
    readonly counterStatement: string;
    /** counter_bond is what the module's account holds of the contributor for its answer. */
    readonly counterBond: bigint;
    /** deadline is when arbiters may decide on a notice that was not answered, and when the votes decide one that was, in seconds since 1970. */
    readonly deadline: bigint;
    /** upholders are arbiters for taking the record down. */
    readonly upholders: readonly string[];
    /** dismissers are arbiters for leaving it. */
    readonly dismissers: readonly string[];
    /** height is the block the notice was given in. */
    readonly height: bigint;
    /** respondent answered and paid the counter bond; empty before that. */
    readonly respondent: string;
    /** is_counter_sponsored says that the datanet's fund paid the counter bond and gets it back, whoever is right. */
    readonly isCounterSponsored: boolean;
  };
  /** Params are the module's parameters. */
  "tributary.datanet.v1.Params": {
    /** bond_denom is the denomination of all bonds and deposits. It cannot be changed. */
    readonly bondDenom: string;
    /** min_record_bond is the least a record is bonded with, for its first KiB. */
    readonly minRecordBond: bigint;
    /** challenge_seconds is how long records and segments can be challenged, and their bonds are held. */
    readonly challengeSeconds: bigint;
    /** min_novelty_ppm is the least part of a record's fingerprint that must be new to its datanet. */
    readonly minNoveltyPpm: number;
    /** bounty_ppm is the challenger's part of a slashed bond; the rest is burned. */
    readonly bountyPpm: number;
    /** commit_deposit is held for a commitment, given back when it is revealed and burned when it expires. */
    readonly commitDeposit: bigint;
    /** reveal_seconds is how long a commitment can be revealed. */
    readonly revealSeconds: bigint;
    /** takedown_bond is what a first notice against a record is bonded with; it doubles with every dismissed one. */
    readonly takedownBond: bigint;
    /** takedown_seconds is how long a contributor has to answer a notice, and arbiters to decide on the answer. */
    readonly takedownSeconds: bigint;
    /** segment_bond is what a segment is bonded with. */
    readonly segmentBond: bigint;
    /** max_segment_tokens is the most tokens in a segment. */
    readonly maxSegmentTokens: bigint;
    /** half_life_seconds is after what time a record's timeliness has halved. */
    readonly halfLifeSeconds: bigint;
    /** max_deadlines_per_block is how many deadlines a block settles; the others wait for the next. */
    readonly maxDeadlinesPerBlock: number;
    /** demand_bond is held for a demand to show a byte of a segment or a record; when it is answered, bounty_ppm of it goes to who answers and the rest is burned. */
    readonly demandBond: bigint;
    /** demand_seconds is how long a demand of a segment can be answered. */
    readonly demandSeconds: bigint;
    /** record_demand_seconds is how long a demand of a record can be answered. */
    readonly recordDemandSeconds: bigint;
    /** record_bond_per_kib is what each whole KiB of a record's length adds to its bond. */
    readonly recordBondPerKib: bigint;
  };
  /** PayoutAddress says where an account's earnings are paid, when not to itself. */
  "tributary.datanet.v1.PayoutAddress": {
    /** contributor is the account that earns. */
    readonly contributor: string;
    /** payout_address is the account that is paid. */
    readonly payoutAddress: string;
  };
  /** Placement says where a record stands in a sealed segment. */
  "tributary.datanet.v1.Placement": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** segment is the segment's index. */
    readonly segment: bigint;
    /** offset is where the record's text begins in the segment's, in bytes. */
    readonly offset: bigint;
  };
  /** QueryAccessGrantsOfRequest names what is asked for. */
  "tributary.datanet.v1.QueryAccessGrantsOfRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** grantee is the account. */
    readonly grantee: string;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryAccessGrantsOfResponse carries a page. */
  "tributary.datanet.v1.QueryAccessGrantsOfResponse": {
    /** access_grants are in the order of their keys. */
    readonly accessGrants: readonly Messages["tributary.datanet.v1.AccessGrant"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryAccessGrantsRequest names what is asked for. */
  "tributary.datanet.v1.QueryAccessGrantsRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryAccessGrantsResponse carries a page. */
  "tributary.datanet.v1.QueryAccessGrantsResponse": {
    /** access_grants are in the order of their keys. */
    readonly accessGrants: readonly Messages["tributary.datanet.v1.AccessGrant"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryAccessRequest names what is asked for. */
  "tributary.datanet.v1.QueryAccessRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** holder is the account. */
    readonly holder: string;
  };
  /** QueryAccessResponse carries the count. */
  "tributary.datanet.v1.QueryAccessResponse": {
    /** access counts the units. */
    readonly access: Messages["tributary.datanet.v1.Access"];
  };
  /** QueryAccessesRequest names what is asked for. */
  "tributary.datanet.v1.QueryAccessesRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryAccessesResponse carries a page. */
  "tributary.datanet.v1.QueryAccessesResponse": {
    /** accesses are in the order of their keys. */
    readonly accesses: readonly Messages["tributary.datanet.v1.Access"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryAccumulatorRequest names what is asked for. */
  "tributary.datanet.v1.QueryAccumulatorRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
  };
  /** QueryAccumulatorResponse carries an accumulator. */
  "tributary.datanet.v1.QueryAccumulatorResponse": {
    /** accumulator holds the peaks. */
    readonly accumulator: Messages["tributary.datanet.v1.Accumulator"];
    /** root is the RFC 6962 root. */
    readonly root: Uint8Array;
  };
  /** QueryAttestationsRequest names what is asked for. */
  "tributary.datanet.v1.QueryAttestationsRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryAttestationsResponse carries a page. */
  "tributary.datanet.v1.QueryAttestationsResponse": {
    /** attestations are in the order of their keys. */
    readonly attestations: readonly Messages["tributary.datanet.v1.Attestation"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryCommitmentRequest names what is asked for. */
  "tributary.datanet.v1.QueryCommitmentRequest": {
    /** commitment_id is the commitment. */
    readonly commitmentId: bigint;
  };
  /** QueryCommitmentResponse carries a commitment. */
  "tributary.datanet.v1.QueryCommitmentResponse": {
    /** commitment is the commitment. */
    readonly commitment: Messages["tributary.datanet.v1.Commitment"];
  };
  /** QueryCommitmentsRequest names what is asked for. */
  "tributary.datanet.v1.QueryCommitmentsRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryCommitmentsResponse carries a page. */
  "tributary.datanet.v1.QueryCommitmentsResponse": {
    /** commitments are in the order of their keys. */
    readonly commitments: readonly Messages["tributary.datanet.v1.Commitment"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryCurationVotesRequest names what is asked for. */
  "tributary.datanet.v1.QueryCurationVotesRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryCurationVotesResponse carries a page. */
  "tributary.datanet.v1.QueryCurationVotesResponse": {
    /** votes are in the order of their keys. */
    readonly votes: readonly Messages["tributary.datanet.v1.CurationVote"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryDatanetByNameRequest names a datanet. */
  "tributary.datanet.v1.QueryDatanetByNameRequest": {
    /** name is the datanet's name. */
    readonly name: string;
  };
  /** QueryDatanetByNameResponse carries a datanet. */
  "tributary.datanet.v1.QueryDatanetByNameResponse": {
    /** datanet is the datanet. */
    readonly datanet: Messages["tributary.datanet.v1.Datanet"];
  };
  /** QueryDatanetRequest names a datanet. */
  "tributary.datanet.v1.QueryDatanetRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
  };
  /** QueryDatanetResponse carries a datanet. */
  "tributary.datanet.v1.QueryDatanetResponse": {
    /** datanet is the datanet. */
    readonly datanet: Messages["tributary.datanet.v1.Datanet"];
  };
  /** QueryDatanetsRequest asks for a page of datanets. */
  "tributary.datanet.v1.QueryDatanetsRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryDatanetsResponse carries a page of datanets. */
  "tributary.datanet.v1.QueryDatanetsResponse": {
    /** datanets are in order of their number. */
    readonly datanets: readonly Messages["tributary.datanet.v1.Datanet"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryDemandRequest names a demand. */
  "tributary.datanet.v1.QueryDemandRequest": {
    /** demand_id is the demand. */
    readonly demandId: bigint;
  };
  /** QueryDemandResponse carries a demand. */
  "tributary.datanet.v1.QueryDemandResponse": {
    /** demand is the demand. */
    readonly demand: Messages["tributary.datanet.v1.Demand"];
  };
  /** QueryDemandsRequest names what is asked for. */
  "tributary.datanet.v1.QueryDemandsRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** segment is the segment's index. */
    readonly segment: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryDemandsResponse carries a page. */
  "tributary.datanet.v1.QueryDemandsResponse": {
    /** demands are in order of their numbers. */
    readonly demands: readonly Messages["tributary.datanet.v1.Demand"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryEncryptionKeyRequest names what is asked for. */
  "tributary.datanet.v1.QueryEncryptionKeyRequest": {
    /** account is the account. */
    readonly account: string;
  };
  /** QueryEncryptionKeyResponse carries a key. */
  "tributary.datanet.v1.QueryEncryptionKeyResponse": {
    /** encryption_key is the key. */
    readonly encryptionKey: Messages["tributary.datanet.v1.EncryptionKey"];
  };
  /** QueryFingerprintRequest names what is asked for. */
  "tributary.datanet.v1.QueryFingerprintRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
  };
  /** QueryFingerprintResponse carries a fingerprint. */
  "tributary.datanet.v1.QueryFingerprintResponse": {
    /** fingerprint is the fingerprint; without entries for a short text. */
    readonly fingerprint: Messages["tributary.datanet.v1.Fingerprint"];
  };
  /** QueryInVersionRequest names what is asked for. */
  "tributary.datanet.v1.QueryInVersionRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** version is the version's number. */
    readonly version: bigint;
    /** number is the record. */
    readonly number: bigint;
  };
  /** QueryInVersionResponse says whether it does. */
  "tributary.datanet.v1.QueryInVersionResponse": {
    /** is_in_version says whether the version holds the record. */
    readonly isInVersion: boolean;
  };
  /** QueryInclusionProofRequest names what is asked for. */
  "tributary.datanet.v1.QueryInclusionProofRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
  };
  /** QueryInclusionProofResponse carries a proof. */
  "tributary.datanet.v1.QueryInclusionProofResponse": {
    /** leaf is the encoded RecordLeaf that is proved. */
    readonly leaf: Uint8Array;
    /** proof leads from the leaf to the root, as CometBFT's Merkle proofs do. */
    readonly proof: Messages["tendermint.crypto.Proof"];
    /** root is the RFC 6962 root over all records of the datanet. */
    readonly root: Uint8Array;
    /** accumulator holds the peaks that the root is made of, as the store has them. */
    readonly accumulator: Messages["tributary.datanet.v1.Accumulator"];
  };
  /** QueryMemberRequest names a member. */
  "tributary.datanet.v1.QueryMemberRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** address is the account. */
    readonly address: string;
  };
  /** QueryMemberResponse carries a member. */
  "tributary.datanet.v1.QueryMemberResponse": {
    /** member is the member. */
    readonly member: Messages["tributary.datanet.v1.Member"];
  };
  /** QueryMembersRequest asks for a page of a datanet's members. */
  "tributary.datanet.v1.QueryMembersRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryMembersResponse carries a page of members. */
  "tributary.datanet.v1.QueryMembersResponse": {
    /** members are in order of their address bytes. */
    readonly members: readonly Messages["tributary.datanet.v1.Member"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryNewcomersRequest names what is asked for. */
  "tributary.datanet.v1.QueryNewcomersRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryNewcomersResponse carries a page. */
  "tributary.datanet.v1.QueryNewcomersResponse": {
    /** newcomers are in the order of their keys. */
    readonly newcomers: readonly Messages["tributary.datanet.v1.Newcomer"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryNoticeRequest names what is asked for. */
  "tributary.datanet.v1.QueryNoticeRequest": {
    /** notice_id is the notice. */
    readonly noticeId: bigint;
  };
  /** QueryNoticeResponse carries a notice. */
  "tributary.datanet.v1.QueryNoticeResponse": {
    /** notice is the notice. */
    readonly notice: Messages["tributary.datanet.v1.Notice"];
  };
  /** QueryNoticesRequest names what is asked for. */
  "tributary.datanet.v1.QueryNoticesRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryNoticesResponse carries a page. */
  "tributary.datanet.v1.QueryNoticesResponse": {
    /** notices are in the order of their keys. */
    readonly notices: readonly Messages["tributary.datanet.v1.Notice"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryNoveltyRequest names what is asked for. */
  "tributary.datanet.v1.QueryNoveltyRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** fingerprint holds entries as a record input does. */
    readonly fingerprint: Uint8Array;
  };
  /** QueryNoveltyResponse says how much is new. */
  "tributary.datanet.v1.QueryNoveltyResponse": {
    /** new_entries is how many entries are new. */
    readonly newEntries: number;
    /** entries is how many there are. */
    readonly entries: number;
    /** novelty_ppm is the part in parts per million. */
    readonly noveltyPpm: number;
    /** min_novelty_ppm is the least that is accepted. */
    readonly minNoveltyPpm: number;
  };
  /** QueryParamsRequest is empty. */
  "tributary.datanet.v1.QueryParamsRequest": {};
  /** QueryParamsResponse carries the parameters. */
  "tributary.datanet.v1.QueryParamsResponse": {
    /** params are the parameters. */
    readonly params: Messages["tributary.datanet.v1.Params"];
  };
  /** QueryPayoutAddressRequest names an account. */
  "tributary.datanet.v1.QueryPayoutAddressRequest": {
    /** contributor is the account that earns. */
    readonly contributor: string;
  };
  /** QueryPayoutAddressResponse says where it is paid. */
  "tributary.datanet.v1.QueryPayoutAddressResponse": {
    /** payout_address is the account that is paid; the contributor itself unless set otherwise. */
    readonly payoutAddress: string;
  };
  /** QueryPlacementRequest names what is asked for. */
  "tributary.datanet.v1.QueryPlacementRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
  };
  /** QueryPlacementResponse carries a placement. */
  "tributary.datanet.v1.QueryPlacementResponse": {
    /** placement is the placement. */
    readonly placement: Messages["tributary.datanet.v1.Placement"];
  };
  /** QueryRecordByHashRequest names a text. */
  "tributary.datanet.v1.QueryRecordByHashRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** content_hash is the SHA-256 of the text. */
    readonly contentHash: Uint8Array;
  };
  /** QueryRecordByHashResponse carries a record. */
  "tributary.datanet.v1.QueryRecordByHashResponse": {
    /** record is the record. */
    readonly record: Messages["tributary.datanet.v1.Record"];
    /** cid is the CIDv1 of what content_hash is of, in base32. */
    readonly cid: string;
  };
  /** QueryRecordRequest names a record. */
  "tributary.datanet.v1.QueryRecordRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record's number in the datanet. */
    readonly number: bigint;
  };
  /** QueryRecordResponse carries a record. */
  "tributary.datanet.v1.QueryRecordResponse": {
    /** record is the record. */
    readonly record: Messages["tributary.datanet.v1.Record"];
    /** cid is the CIDv1 of what content_hash is of, in base32; it follows from the hash and is not stored. */
    readonly cid: string;
  };
  /** QueryRecordsRequest asks for a page of a datanet's records. */
  "tributary.datanet.v1.QueryRecordsRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryRecordsResponse carries a page of records. */
  "tributary.datanet.v1.QueryRecordsResponse": {
    /** records are in order of their number. */
    readonly records: readonly Messages["tributary.datanet.v1.Record"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
    /** cids are the CIDv1s of the records, in their order. */
    readonly cids: readonly string[];
  };
  /** QueryScorecardRequest names what is asked for. */
  "tributary.datanet.v1.QueryScorecardRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
  };
  /** QueryScorecardResponse carries a scorecard. */
  "tributary.datanet.v1.QueryScorecardResponse": {
    /** scorecard is as of the last block. */
    readonly scorecard: Messages["tributary.datanet.v1.Scorecard"];
  };
  /** QueryScoresRequest names what is asked for. */
  "tributary.datanet.v1.QueryScoresRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryScoresResponse carries a page. */
  "tributary.datanet.v1.QueryScoresResponse": {
    /** scores are in the order of their keys. */
    readonly scores: readonly Messages["tributary.datanet.v1.Score"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QuerySegmentRequest names what is asked for. */
  "tributary.datanet.v1.QuerySegmentRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** index is the segment's index. */
    readonly index: bigint;
  };
  /** QuerySegmentResponse carries a segment. */
  "tributary.datanet.v1.QuerySegmentResponse": {
    /** segment is the segment. */
    readonly segment: Messages["tributary.datanet.v1.Segment"];
  };
  /** QuerySegmentsRequest names what is asked for. */
  "tributary.datanet.v1.QuerySegmentsRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QuerySegmentsResponse carries a page. */
  "tributary.datanet.v1.QuerySegmentsResponse": {
    /** segments are in the order of their keys. */
    readonly segments: readonly Messages["tributary.datanet.v1.Segment"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QuerySponsorshipRequest names what is asked for. */
  "tributary.datanet.v1.QuerySponsorshipRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
  };
  /** QuerySponsorshipResponse carries the fund. */
  "tributary.datanet.v1.QuerySponsorshipResponse": {
    /** fund is the account that pays. */
    readonly fund: string;
    /** balance are what it holds. */
    readonly balance: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** sponsorship is what the datanet pays for a newcomer; absent for nothing. */
    readonly sponsorship: Messages["tributary.datanet.v1.Sponsorship"] | undefined;
  };
  /** QueryTokenSupplyRequest names what is asked for. */
  "tributary.datanet.v1.QueryTokenSupplyRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
  };
  /** QueryTokenSupplyResponse carries the counts. */
  "tributary.datanet.v1.QueryTokenSupplyResponse": {
    /** supply counts the tokens. */
    readonly supply: Messages["tributary.datanet.v1.TokenSupply"];
    /** denom is the denomination. */
    readonly denom: string;
    /** access_price is what one unit costs; absent when none are sold. */
    readonly accessPrice: Messages["cosmos.base.v1beta1.Coin"] | undefined;
  };
  /** QueryVersionRequest names what is asked for. */
  "tributary.datanet.v1.QueryVersionRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** version is the version's number. */
    readonly version: bigint;
  };
  /** QueryVersionResponse carries a version. */
  "tributary.datanet.v1.QueryVersionResponse": {
    /** version is the manifest. */
    readonly version: Messages["tributary.datanet.v1.Version"];
  };
  /** QueryVersionsRequest names what is asked for. */
  "tributary.datanet.v1.QueryVersionsRequest": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryVersionsResponse carries a page. */
  "tributary.datanet.v1.QueryVersionsResponse": {
    /** versions are in the order of their keys. */
    readonly versions: readonly Messages["tributary.datanet.v1.Version"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** Record commits to one text; the text itself is kept off the chain. What a record commits to never changes, and a record is never deleted: only its status, its votes and its bond change. */
  "tributary.datanet.v1.Record": {
    /** datanet_id is the datanet the record belongs to. */
    readonly datanetId: bigint;
    /** number counts the datanet's records from 1, in order of their acceptance. */
    readonly number: bigint;
    /** contributor submitted the record and earns its share. */
    readonly contributor: string;
    /** content_hash is the SHA-256 of the text. The CIDv1 (raw) of the same bytes is 01 55 12 20 followed by it. */
    readonly contentHash: Uint8Array;
    /** length is the length of the text in bytes. */
    readonly length: bigint;
    /** text_root is the root of the RFC 6962 Merkle tree over the text's 128-byte chunks. */
    readonly textRoot: Uint8Array;
    /** licence is the record's own licence; empty for the datanet's. */
    readonly licence: string;
    /** name is a path or address that helps people to find the text. */
    readonly name: string;
    /** height is the block the record was accepted in. */
    readonly height: bigint;
    /** class is the record's class in its datanet; may be empty. */
    readonly class: string;
    /** token_count is how many tokens of the lexer the contributor says the text has; zero when it does not say. */
    readonly tokenCount: number;
    /** semantic_signature is a 64-bit similarity hash of the text, 8 bytes, as the contributor computed it; empty for none. */
    readonly semanticSignature: Uint8Array;
    /** fingerprint_count is how many entries the record's fingerprint has. */
    readonly fingerprintCount: number;
    /** novelty_ppm is the part of these that no earlier record of the datanet had, in parts per million. */
    readonly noveltyPpm: number;
    /** status says what became of the record. */
    readonly status: number;
    /** claim_height is the block that counts for precedence: that of the commitment, or of acceptance without one. */
    readonly claimHeight: bigint;
    /** commitment_id is the commitment that was revealed; zero for none. */
    readonly commitmentId: bigint;
    /** bond is what the module's account holds for the record now. */
    readonly bond: bigint;
    /** is_bond_sponsored says that the datanet's fund paid the bond and gets it back. */
    readonly isBondSponsored: boolean;
    /** final_at is when the challenge window ends, in seconds since 1970. */
    readonly finalAt: bigint;
    /** accepted_at is the time of the block the record was accepted in, in seconds since 1970. */
    readonly acceptedAt: bigint;
    /** approvals counts votes of the owner and curators for the record. */
    readonly approvals: number;
    /** rejections counts their votes against it. */
    readonly rejections: number;
    /** dismissed_notices counts takedown notices that failed; each doubles what the next must be bonded with. */
    readonly dismissedNotices: number;
    /** bytes_through sums the lengths of the datanet's records up to this one, itself included, that stood when the last of their windows had ended; 0 before that. */
    readonly bytesThrough: bigint;
    /** restored_at is when the record was last restored from a suspension, in seconds since 1970; 0 when it never was. */
    readonly restoredAt: bigint;
    /** closed_at is when the record was struck, rejected or removed, in seconds since 1970; 0 while it was not. */
    readonly closedAt: bigint;
  };
  /** RecordId names one record on the chain. */
  "tributary.datanet.v1.RecordId": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number counts the datanet's records from 1, in order of their acceptance: a smaller number came earlier. */
    readonly number: bigint;
  };
  /** RecordInput describes one text. */
  "tributary.datanet.v1.RecordInput": {
    /** content_hash is the SHA-256 of the text, 32 bytes. A datanet accepts every text once. */
    readonly contentHash: Uint8Array;
    /** length is the length of the text in bytes. */
    readonly length: bigint;
    /** text_root is the root of the RFC 6962 Merkle tree over the text's 128-byte chunks, 32 bytes. */
    readonly textRoot: Uint8Array;
    /** licence is the record's own licence; empty for the datanet's. */
    readonly licence: string;
    /** name is a path or address that helps people to find the text; may be empty. */
    readonly name: string;
    /** class is the record's class; may be empty. */
    readonly class: string;
    /** token_count is how many tokens the text has; zero to leave it unsaid. */
    readonly tokenCount: number;
    /** semantic_signature is a 64-bit similarity hash, 8 bytes; empty for none. */
    readonly semanticSignature: Uint8Array;
    /** fingerprint holds entries of 8 bytes of hash and 4 of offset, ascending by hash, 64 at most. A text of 8 tokens or more has one. */
    readonly fingerprint: Uint8Array;
  };
  /** RecordLeaf is what the accumulator of a datanet's records holds for each: what never changes about it. */
  "tributary.datanet.v1.RecordLeaf": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record's number. */
    readonly number: bigint;
    /** content_hash is the SHA-256 of the text. */
    readonly contentHash: Uint8Array;
    /** length is the length of the text in bytes. */
    readonly length: bigint;
    /** text_root is the root over the text's chunks. */
    readonly textRoot: Uint8Array;
  };
  /** RecordRange is a run of record numbers, both ends included. */
  "tributary.datanet.v1.RecordRange": {
    /** first is the first number. */
    readonly first: bigint;
    /** last is the last number. */
    readonly last: bigint;
  };
  /** Score is what one validator counted in a record's text. */
  "tributary.datanet.v1.Score": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** number is the record. */
    readonly number: bigint;
    /** validator counted. */
    readonly validator: string;
    /** required_cells is how many parts the datanet's terms ask every record for. */
    readonly requiredCells: number;
    /** present_cells is how many of them the record has. */
    readonly presentCells: number;
    /** audited_items is how many statements were compared with a trusted answer. */
    readonly auditedItems: number;
    /** correct_items is how many of them agreed. */
    readonly correctItems: number;
    /** checked_rules is how many rules were applied. */
    readonly checkedRules: number;
    /** broken_rules is how many of them the record breaks. */
    readonly brokenRules: number;
    /** height is the block of the score. */
    readonly height: bigint;
  };
  /** Scorecard says how good a record is, in parts per million. modules/datanet/README.md has the rules. */
  "tributary.datanet.v1.Scorecard": {
    /** completeness_ppm is the part of the required cells that are there. */
    readonly completenessPpm: number;
    /** accuracy_ppm is the part of the audited items that are right. */
    readonly accuracyPpm: number;
    /** consistency_ppm is the part of the checked rules that hold. */
    readonly consistencyPpm: number;
    /** timeliness_ppm halves with every half-life since acceptance. */
    readonly timelinessPpm: number;
    /** relevance_ppm is the part of the curators' votes that approve, with one vote of each kind added. */
    readonly relevancePpm: number;
    /** scarcity_ppm is the part of the fingerprint that no earlier record had. */
    readonly scarcityPpm: number;
    /** overall_ppm is the mean of those that are known, rounded down. */
    readonly overallPpm: number;
    /** validators is how many validators scored; without any, the first three are unknown and zero. */
    readonly validators: number;
    /** attested_ppm is the mean of all but timeliness, rounded down: what the record takes of what uses pay for attested scores. Zero without a validator. */
    readonly attestedPpm: number;
  };
  /** Segment commits to the texts of a run of records as one text: each record's bytes and then one zero byte. */
  "tributary.datanet.v1.Segment": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** index counts the datanet's segments from 1. */
    readonly index: bigint;
    /** first is the number of its first record. */
    readonly first: bigint;
    /** last is the number of its last record. */
    readonly last: bigint;
    /** record_count is how many records it holds: those of the run that could earn when it was sealed. */
    readonly recordCount: bigint;
    /** byte_count is the length of its text, the zero bytes included. */
    readonly byteCount: bigint;
    /** token_count sums the tokens the records declare; a record that declares none counts with its bytes. */
    readonly tokenCount: bigint;
    /** text_root is the root of the RFC 6962 Merkle tree over the 128-byte chunks of its text. */
    readonly textRoot: Uint8Array;
    /** index_root is the root of the same tree over its suffix array: offsets of tokens, 4 bytes each, big-endian; empty for none. */
    readonly indexRoot: Uint8Array;
    /** index_count is how many offsets the suffix array has. */
    readonly indexCount: bigint;
    /** sealer sealed it and bonded its word. */
    readonly sealer: string;
    /** bond is what the module's account holds for it now. */
    readonly bond: bigint;
    /** status says what became of it. */
    readonly status: number;
    /** sealed_height is the block it was sealed in. */
    readonly sealedHeight: bigint;
    /** final_at is when its challenge window ends, in seconds since 1970. */
    readonly finalAt: bigint;
    /** replaces is the struck segment whose run it seals again; zero for a new run. */
    readonly replaces: bigint;
    /** replaced_by is the segment that seals the run of this struck one again; zero for none. */
    readonly replacedBy: bigint;
  };
  /** Sponsorship is what a datanet pays for accounts its owner or curators invite. */
  "tributary.datanet.v1.Sponsorship": {
    /** fee_allowance is what an invited account may spend on transaction fees from the datanet's fund. */
    readonly feeAllowance: Messages["cosmos.base.v1beta1.Coin"];
    /** allowance_seconds is how long the allowance lasts. */
    readonly allowanceSeconds: bigint;
    /** bonded_records is for how many records of an invited account the fund pays the bond. */
    readonly bondedRecords: number;
  };
  /** TextOpening shows a run of a text's bytes. */
  "tributary.datanet.v1.TextOpening": {
    /** start is the offset of the first byte that is meant. */
    readonly start: bigint;
    /** length is how many bytes are meant. */
    readonly length: number;
    /** chunks are the whole 128-byte chunks that hold these bytes, one byte before and one byte after, as far as the text has them. */
    readonly chunks: Uint8Array;
    /** path holds the hashes that lead from the chunks to the root, as in a span's proof. */
    readonly path: readonly Uint8Array[];
  };
  /** TokenSupply counts a datanet's tokens, denomination data/{datanet_id}. One unit is one licensed access. */
  "tributary.datanet.v1.TokenSupply": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** minted is how many were ever sold. */
    readonly minted: string;
    /** burned is how many were spent by access. */
    readonly burned: string;
  };
  /** Version is a manifest: a choice of sealed records under rules that the chain has checked. It never changes. */
  "tributary.datanet.v1.Version": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** version counts the datanet's versions from 1. */
    readonly version: bigint;
    /** name is what people call it. */
    readonly name: string;
    /** publisher is the owner or the curator who published it. */
    readonly publisher: string;
    /** extends is an earlier version of the datanet whose records it holds too; zero for none. */
    readonly extends: bigint;
    /** ranges are its own records, ascending; all come after those of the version it extends. */
    readonly ranges: readonly Messages["tributary.datanet.v1.RecordRange"][];
    /** parents are versions of other datanets it was made from. */
    readonly parents: readonly Messages["tributary.datanet.v1.VersionParent"][];
    /** dedupe is the rule for likenesses. */
    readonly dedupe: number;
    /** min_novelty_ppm is the floor of that rule. */
    readonly minNoveltyPpm: number;
    /** quotas bound classes. With any, every record must be of a class that has one. */
    readonly quotas: readonly Messages["tributary.datanet.v1.ClassQuota"][];
    /** record_count is how many records it holds, those of the version it extends included. */
    readonly recordCount: bigint;
    /** byte_count sums their lengths. */
    readonly byteCount: bigint;
    /** class_counts counts their classes, ascending by name. */
    readonly classCounts: readonly Messages["tributary.datanet.v1.ClassCount"][];
    /** last is the greatest record number in it. */
    readonly last: bigint;
    /** depth is the length of the longest chain of parents, itself included. */
    readonly depth: number;
    /** uri says where its texts can be had; may be empty. */
    readonly uri: string;
    /** height is the block it was published in. */
    readonly height: bigint;
  };
  /** VersionId names one version. */
  "tributary.datanet.v1.VersionId": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** version counts the datanet's versions from 1. */
    readonly version: bigint;
  };
  /** VersionParent is another version that a version was made from. */
  "tributary.datanet.v1.VersionParent": {
    /** datanet_id is the parent's datanet. */
    readonly datanetId: bigint;
    /** version is the parent's number. */
    readonly version: bigint;
    /** share_ppm is the declared share of the parent in what models that name this version pay it by lineage, in parts per million. */
    readonly sharePpm: number;
  };
  /** Backing is what all backers of a model have put on it, and what came of it. */
  "tributary.model.v1.Backing": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** tokens is what the bonded shares are worth, in the reserve's denomination. */
    readonly tokens: string;
    /** active_shares earn revenue. */
    readonly activeShares: string;
    /** pending_shares earn from the epoch after pending_epoch. */
    readonly pendingShares: string;
    /** pending_epoch is the epoch in which pending_shares were made. */
    readonly pendingEpoch: bigint;
    /** leaving_tokens is what shares that were asked back are worth; they earn nothing and can still be taken. */
    readonly leavingTokens: string;
    /** leaving_shares are the shares that were asked back. */
    readonly leavingShares: string;
    /** accumulator is the revenue of one active share since the beginning, times 2^64. */
    readonly accumulator: string;
    /** remainder is what the accumulator could not divide yet, times 2^64. */
    readonly remainder: string;
    /** revenue is what the model itself has earned so far, its backers' part included. */
    readonly revenue: string;
    /** to_backers is the part of it that went to backers. */
    readonly toBackers: string;
    /** claimed is what backers have taken out. */
    readonly claimed: string;
    /** offences is how often the model's backing was charged for what its operator did. */
    readonly offences: number;
    /** weight is what the model is ranked by: tokens and its curve's reserve, halved for every offence. */
    readonly weight: bigint;
    /** listed is false once the model is retired. */
    readonly listed: boolean;
    /** pending_positions is how many positions have pending shares of pending_epoch. */
    readonly pendingPositions: bigint;
    /** charged_until is the block time, in unix seconds, from which an offence is charged in full again; 0 when there was none. */
    readonly chargedUntil: bigint;
    /** charged_ppm is what offences have cost so far of what there was before the first of them, in parts per million; a graver one costs the difference. */
    readonly chargedPpm: number;
  };
  /** BondWithdrawal is a part of a bond that was asked back. */
  "tributary.model.v1.BondWithdrawal": {
    /** id counts withdrawals of bonds and backing together, from 1. */
    readonly id: bigint;
    /** operator is the account. */
    readonly operator: string;
    /** amount was asked back; a punishment in between makes it less. */
    readonly amount: string;
    /** completes_at is the block time, in unix seconds, from which it is paid. */
    readonly completesAt: bigint;
  };
  /** Curve sells shares of a model, the denomination "model/{model_id}", and takes them back. */
  "tributary.model.v1.Curve": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** kind is how it prices. */
    readonly kind: number;
    /** base is the price of the first share of a linear curve, times 10^12. */
    readonly base: string;
    /** slope is what every share adds to it, times 10^12. */
    readonly slope: string;
    /** virtual_reserve is what the other kind counts beside the reserve. */
    readonly virtualReserve: string;
    /** virtual_shares is how many shares it counts before any is sold. */
    readonly virtualShares: string;
    /** sale_shares is how many are sold before it graduates into a pool. */
    readonly saleShares: string;
    /** supply is how many are out. */
    readonly supply: string;
    /** reserve is what pays for those that come back; never less than they would be paid together. */
    readonly reserve: string;
    /** block_buy_cap is the most shares that one block sells, to all buyers together. */
    readonly blockBuyCap: string;
    /** bought_height is the last block that sold any. */
    readonly boughtHeight: bigint;
    /** bought is how many it sold. */
    readonly bought: string;
    /** creator_locked are shares that the model's owner bought and cannot move or sell yet. */
    readonly creatorLocked: string;
    /** creator_unlocks_at is the block time, in unix seconds, from which it can. */
    readonly creatorUnlocksAt: bigint;
    /** escrow is what trades have paid in fees; milestones release it to the owner. */
    readonly escrow: string;
    /** pool_id is the pool it graduated into; 0 before. */
    readonly poolId: bigint;
    /** graduated_reserve is what it put there for ever. */
    readonly graduatedReserve: string;
  };
  /** EpochStart remembers where the accumulator stood when pending shares began to earn. */
  "tributary.model.v1.EpochStart": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** epoch is the epoch in which the shares were made. */
    readonly epoch: bigint;
    /** accumulator is the backing's accumulator when they began to earn. */
    readonly accumulator: string;
    /** positions is how many positions have not taken note of it yet. */
    readonly positions: bigint;
  };
  /** GenesisState is the module's state in a genesis file. */
  "tributary.model.v1.GenesisState": {
    /** models are in order of their number, without gaps from 1. Their signatures name the chain they were made for and are not checked again. */
    readonly models: readonly Messages["tributary.model.v1.Model"][];
    /** params are the parameters. */
    readonly params: Messages["tributary.model.v1.Params"];
    /** versions are in order of model and number. */
    readonly versions: readonly Messages["tributary.model.v1.Version"][];
    /** operators are those with a bond or a past. */
    readonly operators: readonly Messages["tributary.model.v1.Operator"][];
    /** bond_withdrawals are the parts of bonds that were asked back. */
    readonly bondWithdrawals: readonly Messages["tributary.model.v1.BondWithdrawal"][];
    /** offers are the hosts' slots. */
    readonly offers: readonly Messages["tributary.model.v1.Offer"][];
    /** mounts are the adapters in them. */
    readonly mounts: readonly Messages["tributary.model.v1.Mount"][];
    /** backings are in order of model. */
    readonly backings: readonly Messages["tributary.model.v1.Backing"][];
    /** epoch_starts are those that some position still needs. */
    readonly epochStarts: readonly Messages["tributary.model.v1.EpochStart"][];
    /** positions are the backers'. */
    readonly positions: readonly Messages["tributary.model.v1.Position"][];
    /** unbackings are the shares that were asked back. */
    readonly unbackings: readonly Messages["tributary.model.v1.Unbacking"][];
    /** next_withdrawal is the number of the next withdrawal, from 1. */
    readonly nextWithdrawal: bigint;
    /** curves are in order of model. */
    readonly curves: readonly Messages["tributary.model.v1.Curve"][];
    /** milestones are in order of model and number. */
    readonly milestones: readonly Messages["tributary.model.v1.Milestone"][];
  };
  /** Lineage is one datanet version that a model was trained on: the datanet's records 1 to record_count. */
  "tributary.model.v1.Lineage": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count says how many of its records, from the first, the model was trained on. */
    readonly recordCount: bigint;
    /** share_ppm is the datanet's declared share of what uses pay by lineage, in parts per million; a version that declares 0 for all leaves it to records. */
    readonly sharePpm: number;
    /** version is the number of the datanet's published version; 0 when only the records are named. */
    readonly version: bigint;
  };
  /** LineageWeight is what one datanet version is paid of what uses pay by lineage. */
  "tributary.model.v1.LineageWeight": {
    /** datanet_id is the datanet. */
    readonly datanetId: bigint;
    /** record_count says that its records 1 to this are paid. */
    readonly recordCount: bigint;
    /** weight is compared with all others of the list. */
    readonly weight: bigint;
  };
  /** Milestone is what a model's owner claims to have reached, and wants for it from the escrow. */
  "tributary.model.v1.Milestone": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** number counts the model's milestones from 1. */
    readonly number: bigint;
    /** amount is what is asked for, in the reserve's denomination. */
    readonly amount: string;
    /** evidence_hash is the SHA-256 of what shows it. */
    readonly evidenceHash: Uint8Array;
    /** note is for people; at most 256 bytes. */
    readonly note: string;
    /** vetoes are the shares of those who vetoed it, of those that earned when it was proposed. */
    readonly vetoes: string;
    /** decides_at is the block time, in unix seconds, from which it is decided. */
    readonly decidesAt: bigint;
    /** status is where it stands. */
    readonly status: number;
    /** epoch is the epoch it was proposed in: shares that earned by then may veto it, and no others. */
    readonly epoch: bigint;
    /** active_shares is how many these were; vetoes are compared with them, whoever came since. */
    readonly activeShares: string;
  };
  /** Model is a registered set of weights, and who serves it at what price. What belongs to the weights is its latest version's. */
  "tributary.model.v1.Model": {
    /** id counts from 1. */
    readonly id: bigint;
    /** name is for people: 1 to 64 bytes; it need not be unique. */
    readonly name: string;
    /** owner registered the model and earns its owner's share. */
    readonly owner: string;
    /** weights_hash is the SHA-256 of the serialised weights; an owner registers one only once. */
    readonly weightsHash: Uint8Array;
    /** uri says where the weights or their description can be found. */
    readonly uri: string;
    /** lineage names the datanet versions the model was trained on, in ascending order of datanet_id. */
    readonly lineage: readonly Messages["tributary.model.v1.Lineage"][];
    /** base_model_id is the model this one was derived from; 0 for none. */
    readonly baseModelId: bigint;
    /** host serves the model and settles its uses. */
    readonly host: string;
    /** price is the fee of one use; of an adapter, what is added to the price of its base model. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
    /** pub_key is the owner's compressed secp256k1 key that made the signature, 33 bytes. */
    readonly pubKey: Uint8Array;
    /** signature is the owner's ADR-036 signature over the registration text, 64 bytes. */
    readonly signature: Uint8Array;
    /** registered_height is the block the model was registered in. */
    readonly registeredHeight: bigint;
    /** version is the number of the latest version, from 1. */
    readonly version: number;
    /** status is where the model stands. */
    readonly status: number;
    /** weights_cid is the CIDv1 of the weights as text; empty when it was not given. */
    readonly weightsCid: string;
    /** recipe_hash is the SHA-256 of the training recipe; empty when it was not given. */
    readonly recipeHash: Uint8Array;
    /** parents are the models it was derived from, the base model first. */
    readonly parents: readonly Messages["tributary.model.v1.Parent"][];
    /** adapter says that the weights are an adapter (LoRA) which runs on its base model. */
    readonly adapter: boolean;
    /** open_hosting lets any host offer slots for the model; otherwise only its owner and its host. */
    readonly openHosting: boolean;
    /** royalty_ppm is the least that a model derived from this one declares for it, in parts per million. */
    readonly royaltyPpm: number;
    /** backers_ppm is the part of the model's own revenue that goes to its backers, in parts per million. It never falls. */
    readonly backersPpm: number;
  };
  /** Mount is an adapter in a host's slot. */
  "tributary.model.v1.Mount": {
    /** host is the account that serves. */
    readonly host: string;
    /** adapter_id is the adapter. */
    readonly adapterId: bigint;
    /** model_id is its base model, whose slot it takes. */
    readonly modelId: bigint;
  };
  /** MsgAddVersion registers new weights of a model. */
  "tributary.model.v1.MsgAddVersion": {
    /** owner is the model's owner. */
    readonly owner: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** weights_hash is the SHA-256 of the serialised weights, 32 bytes. */
    readonly weightsHash: Uint8Array;
    /** weights_cid is the CIDv1 of the weights, in base32; may be empty. */
    readonly weightsCid: string;
    /** uri says where the weights or their description can be found; may be empty. */
    readonly uri: string;
    /** recipe_hash is the SHA-256 of the training recipe, 32 bytes; may be empty. */
    readonly recipeHash: Uint8Array;
    /** lineage names 1 to 16 datanet versions, in ascending order of datanet_id. */
    readonly lineage: readonly Messages["tributary.model.v1.Lineage"][];
    /** parents are up to 8 models it was derived from. */
    readonly parents: readonly Messages["tributary.model.v1.Parent"][];
    /** pub_key is the owner's compressed secp256k1 key, 33 bytes. */
    readonly pubKey: Uint8Array;
    /** signature is the ADR-036 signature of the registration text with the model's name and these weights. */
    readonly signature: Uint8Array;
  };
  /** MsgAddVersionResponse names the new version. */
  "tributary.model.v1.MsgAddVersionResponse": {
    /** version is its number. */
    readonly version: number;
  };
  /** MsgBack puts money on a model. */
  "tributary.model.v1.MsgBack": {
    /** backer pays. */
    readonly backer: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** amount is what is put on it, in the reserve's denomination. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgBackResponse says what the backer has for it. */
  "tributary.model.v1.MsgBackResponse": {
    /** shares are of the backing; they earn from the next epoch. */
    readonly shares: string;
  };
  /** MsgBondOperator adds to the sender's bond. */
  "tributary.model.v1.MsgBondOperator": {
    /** operator pays and answers. */
    readonly operator: string;
    /** amount is what is added, in the reserve's denomination. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgBondOperatorResponse is empty. */
  "tributary.model.v1.MsgBondOperatorResponse": {};
  /** MsgBuyShares buys shares of a model on its curve. */
  "tributary.model.v1.MsgBuyShares": {
    /** buyer pays and receives; shares that the model's owner buys before its lock ends stay with the module. */
    readonly buyer: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** shares is how many are bought. */
    readonly shares: string;
    /** max_cost is the most that may be taken, the fee included; at least 1. */
    readonly maxCost: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgBuySharesResponse says what was paid. */
  "tributary.model.v1.MsgBuySharesResponse": {
    /** cost is what was taken. */
    readonly cost: Messages["cosmos.base.v1beta1.Coin"];
    /** pool_id is the pool that the curve graduated into with this purchase; 0 when it did not. */
    readonly poolId: bigint;
  };
  /** MsgClaimBacking pays what a backer has earned. */
  "tributary.model.v1.MsgClaimBacking": {
    /** backer owns the position. */
    readonly backer: string;
    /** model_id is the model. */
    readonly modelId: bigint;
  };
  /** MsgClaimBackingResponse says what was paid. */
  "tributary.model.v1.MsgClaimBackingResponse": {
    /** paid is what the backer received. */
    readonly paid: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgMountAdapter puts an adapter into a slot of its base model. */
  "tributary.model.v1.MsgMountAdapter": {
    /** host serves. */
    readonly host: string;
    /** adapter_id is the adapter. */
    readonly adapterId: bigint;
  };
  /** MsgMountAdapterResponse says what a use costs there. */
  "tributary.model.v1.MsgMountAdapterResponse": {
    /** price is the host's price of the base model and the adapter's fee. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgOfferSlots offers a base model on a host, or changes the offer. */
  "tributary.model.v1.MsgOfferSlots": {
    /** host serves. */
    readonly host: string;
    /** model_id is the base model. */
    readonly modelId: bigint;
    /** slots is how many adapters can be mounted at a time; not fewer than are. */
    readonly slots: number;
    /** price is what a use of the base model costs at this host. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
    /** endpoint says where the host is reached; at most 256 bytes. */
    readonly endpoint: string;
  };
  /** MsgOfferSlotsResponse is empty. */
  "tributary.model.v1.MsgOfferSlotsResponse": {};
  /** MsgOpenCurve begins to sell shares of a model. What belongs to the other kind is left out. */
  "tributary.model.v1.MsgOpenCurve": {
    /** owner is the model's owner. */
    readonly owner: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** kind is how the curve prices. */
    readonly kind: number;
    /** base is the price of a linear curve's first share, times 10^12. */
    readonly base: string;
    /** slope is what every share adds to it, times 10^12. */
    readonly slope: string;
    /** virtual_reserve is what the other kind counts beside its reserve. */
    readonly virtualReserve: string;
    /** virtual_shares is how many shares it counts before any is sold. */
    readonly virtualShares: string;
    /** sale_shares is how many are sold before it graduates. */
    readonly saleShares: string;
    /** block_buy_cap is the most shares that one block sells. */
    readonly blockBuyCap: string;
  };
  /** MsgOpenCurveResponse names the shares. */
  "tributary.model.v1.MsgOpenCurveResponse": {
    /** denom is "model/{model_id}". */
    readonly denom: string;
  };
  /** MsgProposeMilestone asks for a part of the model's escrow. One milestone of a model is open at a time. */
  "tributary.model.v1.MsgProposeMilestone": {
    /** owner is the model's owner. */
    readonly owner: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** amount is what is asked for. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
    /** evidence_hash is the SHA-256 of what shows that the milestone was reached, 32 bytes. */
    readonly evidenceHash: Uint8Array;
    /** note is for people; at most 256 bytes. */
    readonly note: string;
  };
  /** MsgProposeMilestoneResponse names the milestone. */
  "tributary.model.v1.MsgProposeMilestoneResponse": {
    /** number is its number. */
    readonly number: bigint;
    /** decides_at is the block time, in unix seconds, from which it is decided. */
    readonly decidesAt: bigint;
  };
  /** MsgRegisterModel registers weights. The signature shows that the owner's key stands for exactly these weights on this chain. */
  "tributary.model.v1.MsgRegisterModel": {
    /** owner registers the model. */
    readonly owner: string;
    /** name is 1 to 64 bytes. */
    readonly name: string;
    /** weights_hash is the SHA-256 of the serialised weights, 32 bytes. */
    readonly weightsHash: Uint8Array;
    /** uri says where the weights or their description can be found; may be empty. */
    readonly uri: string;
    /** lineage names 1 to 16 datanet versions, in ascending order of datanet_id. */
    readonly lineage: readonly Messages["tributary.model.v1.Lineage"][];
    /** base_model_id is the model this one was derived from; 0 for none. If parents do not name it, it is owed its royalty. */
    readonly baseModelId: bigint;
    /** host serves the model; empty for the owner. */
    readonly host: string;
    /** price is the fee of one use; of an adapter, what is added to the price of its base model. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
    /** pub_key is the owner's compressed secp256k1 key, 33 bytes. */
    readonly pubKey: Uint8Array;
    /** signature is the ADR-036 signature, 64 bytes, of the text "tributary model registration\nchain: {chain id}\nname: {name}\nweights sha256: {hex}". */
    readonly signature: Uint8Array;
    /** weights_cid is the CIDv1 of the weights, in base32; may be empty. */
    readonly weightsCid: string;
    /** recipe_hash is the SHA-256 of the training recipe, 32 bytes; may be empty. */
    readonly recipeHash: Uint8Array;
    /** parents are up to 8 models it was derived from. */
    readonly parents: readonly Messages["tributary.model.v1.Parent"][];
    /** adapter says that the weights run on the base model. */
    readonly adapter: boolean;
    /** open_hosting lets any host offer slots for the model. */
    readonly openHosting: boolean;
    /** royalty_ppm is the least that a model derived from this one declares for it. */
    readonly royaltyPpm: number;
    /** backers_ppm is the part of the model's own revenue that goes to its backers. */
    readonly backersPpm: number;
  };
  /** MsgRegisterModelResponse names the new model. */
  "tributary.model.v1.MsgRegisterModelResponse": {
    /** model_id is the number of the new model. */
    readonly modelId: bigint;
  };
  /** MsgRetire ends a model. */
  "tributary.model.v1.MsgRetire": {
    /** owner is the model's owner. */
    readonly owner: string;
    /** model_id is the model. */
    readonly modelId: bigint;
  };
  /** MsgRetireResponse is empty. */
  "tributary.model.v1.MsgRetireResponse": {};
  /** MsgSellShares sells shares of a model back to its curve. */
  "tributary.model.v1.MsgSellShares": {
    /** seller owns the shares and is paid. */
    readonly seller: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** shares is how many are sold. */
    readonly shares: string;
    /** min_payout is the least accepted, after the fee; at least 1. */
    readonly minPayout: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgSellSharesResponse says what was received. */
  "tributary.model.v1.MsgSellSharesResponse": {
    /** payout is what the seller received. */
    readonly payout: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgSlash punishes an operator, as governance. */
  "tributary.model.v1.MsgSlash": {
    /** authority is the governance account. */
    readonly authority: string;
    /** operator is punished. */
    readonly operator: string;
    /** model_id is the model the offence was about; its backing and escrow answer too when the operator owns it or is its own host. 0 for none. */
    readonly modelId: bigint;
    /** offence is what the operator did. */
    readonly offence: number;
    /** informer receives the informer's part of what the bond lost; empty when it is burned with the rest. */
    readonly informer: string;
  };
  /** MsgSlashResponse says what was taken. */
  "tributary.model.v1.MsgSlashResponse": {
    /** taken is what was taken of the bond and the backing. */
    readonly taken: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgUnback asks shares of a backing back; those that do not earn yet go first. */
  "tributary.model.v1.MsgUnback": {
    /** backer owns the shares. */
    readonly backer: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** shares are how many are asked back. */
    readonly shares: string;
  };
  /** MsgUnbackResponse says when they are paid. */
  "tributary.model.v1.MsgUnbackResponse": {
    /** completes_at is the block time, in unix seconds, from which they are paid. */
    readonly completesAt: bigint;
  };
  /** MsgUnbondOperator asks a part of the bond back. */
  "tributary.model.v1.MsgUnbondOperator": {
    /** operator answers with the bond. */
    readonly operator: string;
    /** amount is what is asked back. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgUnbondOperatorResponse says when it is paid. */
  "tributary.model.v1.MsgUnbondOperatorResponse": {
    /** completes_at is the block time, in unix seconds, from which it is paid. */
    readonly completesAt: bigint;
  };
  /** MsgUnlockShares hands the owner the shares it bought. */
  "tributary.model.v1.MsgUnlockShares": {
    /** owner is the model's owner. */
    readonly owner: string;
    /** model_id is the model. */
    readonly modelId: bigint;
  };
  /** MsgUnlockSharesResponse says what was handed out. */
  "tributary.model.v1.MsgUnlockSharesResponse": {
    /** shares are the owner's now. */
    readonly shares: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgUnmountAdapter frees the slot. */
  "tributary.model.v1.MsgUnmountAdapter": {
    /** host serves. */
    readonly host: string;
    /** adapter_id is the adapter. */
    readonly adapterId: bigint;
  };
  /** MsgUnmountAdapterResponse is empty. */
  "tributary.model.v1.MsgUnmountAdapterResponse": {};
  /** MsgUpdateHosting changes who serves a model and at what price. */
  "tributary.model.v1.MsgUpdateHosting": {
    /** owner is the model's owner. */
    readonly owner: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** host is the new host. */
    readonly host: string;
    /** price is the new fee of one use. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgUpdateHostingResponse is empty. */
  "tributary.model.v1.MsgUpdateHostingResponse": {};
  /** MsgUpdateParams changes the module's parameters; all of them must be given. The reserve's denomination stays. */
  "tributary.model.v1.MsgUpdateParams": {
    /** authority is the governance account. */
    readonly authority: string;
    /** params are the parameters from now on. */
    readonly params: Messages["tributary.model.v1.Params"];
  };
  /** MsgUpdateParamsResponse is empty. */
  "tributary.model.v1.MsgUpdateParamsResponse": {};
  /** MsgUpdateTerms changes what derived models and backers are promised. */
  "tributary.model.v1.MsgUpdateTerms": {
    /** owner is the model's owner. */
    readonly owner: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** royalty_ppm is the least that models derived from now on declare. */
    readonly royaltyPpm: number;
    /** backers_ppm is the backers' part; it cannot be less than it is. */
    readonly backersPpm: number;
    /** open_hosting lets any host offer slots for the model. */
    readonly openHosting: boolean;
  };
  /** MsgUpdateTermsResponse is empty. */
  "tributary.model.v1.MsgUpdateTermsResponse": {};
  /** MsgVetoMilestone puts the sender's active shares against a milestone. */
  "tributary.model.v1.MsgVetoMilestone": {
    /** backer has active shares of the model's backing. */
    readonly backer: string;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** number is the milestone. */
    readonly number: bigint;
  };
  /** MsgVetoMilestoneResponse says how much stands against it. */
  "tributary.model.v1.MsgVetoMilestoneResponse": {
    /** vetoes are the active shares against it so far. */
    readonly vetoes: string;
  };
  /** MsgWithdrawOffer ends an offer. */
  "tributary.model.v1.MsgWithdrawOffer": {
    /** host made the offer. */
    readonly host: string;
    /** model_id is the base model. */
    readonly modelId: bigint;
  };
  /** MsgWithdrawOfferResponse is empty. */
  "tributary.model.v1.MsgWithdrawOfferResponse": {};
  /** Offer is a host's slots for one base model: how many adapters it keeps loaded beside the base, and what a use costs there. */
  "tributary.model.v1.Offer": {
    /** host is the account that serves. */
    readonly host: string;
    /** model_id is the base model. */
    readonly modelId: bigint;
    /** slots is how many adapters can be mounted at a time. */
    readonly slots: number;
    /** used is how many are. */
    readonly used: number;
    /** price is what a use of the base model costs at this host. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
    /** endpoint says where the host is reached; for people and programs, not checked. */
    readonly endpoint: string;
    /** weight is what offers are ranked by: the host's bond, halved for every offence. */
    readonly weight: bigint;
  };
  /** Operator is an account that answers with a bond for the models it owns or serves. */
  "tributary.model.v1.Operator": {
    /** operator is the account. */
    readonly operator: string;
    /** bond is what it put up, in the reserve's denomination. */
    readonly bond: string;
    /** leaving is the part of bond that was asked back and can still be taken. */
    readonly leaving: string;
    /** offences is how often it was punished. */
    readonly offences: number;
    /** slashed is what was taken from it so far. */
    readonly slashed: string;
    /** offers is how many base models it offers slots for. */
    readonly offers: number;
  };
  /** Params are the module's parameters. */
  "tributary.model.v1.Params": {
    /** reserve_denom is what curves, bonds and backing are paid in; it never changes. */
    readonly reserveDenom: string;
    /** epoch_seconds is how long an epoch is: backing earns from the epoch after the one it was given in. */
    readonly epochSeconds: bigint;
    /** unbonding_seconds is how long backing and bonds stay answerable after they were asked back. */
    readonly unbondingSeconds: bigint;
    /** veto_seconds is how long a milestone can be vetoed before its money is released; shorter than unbonding_seconds. */
    readonly vetoSeconds: bigint;
    /** veto_ppm is the share of the backing that earned when a milestone was proposed, in parts per million, whose veto stops it. */
    readonly vetoPpm: number;
    /** curve_fee_ppm is what a trade on a curve pays into the model's escrow, in parts per million of its price. */
    readonly curveFeePpm: number;
    /** creator_lock_seconds is how long shares that the model's owner buys on its curve stay locked. */
    readonly creatorLockSeconds: bigint;
    /** operator_penalty_ppm is what an offence costs of an operator's bond, in parts per million, by offence in the order of the enumeration from 1. */
    readonly operatorPenaltyPpm: readonly number[];
    /** backing_penalty_ppm is what an offence of a model's operator costs of the model's backing and escrow, in the same order; all offences within unbonding_seconds of one together cost what the gravest does. */
    readonly backingPenaltyPpm: readonly number[];
    /** informer_ppm is the part of what is taken of the operator's bond that goes to who proved the offence; the rest, and all that is taken of backing and escrow, is burned. */
    readonly informerPpm: number;
  };
  /** Parent is a model that another was derived from, and what it is owed for that. */
  "tributary.model.v1.Parent": {
    /** model_id is the parent. */
    readonly modelId: bigint;
    /** version is the parent's version; 0 for its latest when the message is carried out. */
    readonly version: number;
    /** share_ppm is its declared share of the derived model's own part, in parts per million; at least the parent's royalty_ppm. */
    readonly sharePpm: number;
  };
  /** Position is one backer's part of a model's backing. */
  "tributary.model.v1.Position": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** backer is the account. */
    readonly backer: string;
    /** active_shares earn revenue. */
    readonly activeShares: string;
    /** pending_shares earn from the epoch after pending_epoch. */
    readonly pendingShares: string;
    /** pending_epoch is the epoch in which pending_shares were made. */
    readonly pendingEpoch: bigint;
    /** accumulator is the backing's accumulator up to which the revenue is in owed. */
    readonly accumulator: string;
    /** owed is revenue that can be claimed. */
    readonly owed: string;
    /** vetoed is the number of the last milestone that the backer vetoed. */
    readonly vetoed: bigint;
    /** late_milestone is the number of the last milestone that some of active_shares came too late for; 0 for none. */
    readonly lateMilestone: bigint;
    /** late_shares are those of active_shares that did not earn yet when it was proposed, and have no voice in it. */
    readonly lateShares: string;
  };
  /** QueryBackersRequest asks for a page of positions. */
  "tributary.model.v1.QueryBackersRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryBackersResponse carries a page of positions. */
  "tributary.model.v1.QueryBackersResponse": {
    /** positions are in order of address. */
    readonly positions: readonly Messages["tributary.model.v1.Position"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryBackingRequest names a model. */
  "tributary.model.v1.QueryBackingRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
  };
  /** QueryBackingResponse carries a backing. */
  "tributary.model.v1.QueryBackingResponse": {
    /** backing is the backing as the next operation will find it: shares whose epoch has come are active. */
    readonly backing: Messages["tributary.model.v1.Backing"];
  };
  /** QueryCurveRequest names a model. */
  "tributary.model.v1.QueryCurveRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
  };
  /** QueryCurveResponse carries a curve. */
  "tributary.model.v1.QueryCurveResponse": {
    /** curve is the curve. */
    readonly curve: Messages["tributary.model.v1.Curve"];
  };
  /** QueryHostsRequest names a model or an adapter. */
  "tributary.model.v1.QueryHostsRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** limit is how many, at most 100; 0 for 20. */
    readonly limit: number;
  };
  /** QueryHostsResponse carries the hosts. */
  "tributary.model.v1.QueryHostsResponse": {
    /** hosts are by weight, the highest first. The model's own host comes with its own price if it has made no offer. */
    readonly hosts: readonly Messages["tributary.model.v1.ServingHost"][];
  };
  /** QueryLineageRequest names a version of a model. */
  "tributary.model.v1.QueryLineageRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** version is the version; 0 for the latest. */
    readonly version: number;
  };
  /** QueryLineageResponse says who is owed what by the version. */
  "tributary.model.v1.QueryLineageResponse": {
    /** version is the version's number. */
    readonly version: number;
    /** lineage are the datanet versions it was trained on. */
    readonly lineage: readonly Messages["tributary.model.v1.Lineage"][];
    /** parents are the models it was derived from. */
    readonly parents: readonly Messages["tributary.model.v1.Parent"][];
    /** stack are all ancestors and datanets with what is declared for them. */
    readonly stack: readonly Messages["tributary.model.v1.StackShare"][];
    /** stack_ppm is the sum of the stack, at most 1000000. */
    readonly stackPpm: number;
    /** depth is how many generations of parents lie above the version. */
    readonly depth: number;
    /** lineage_weights divide what uses pay by lineage. */
    readonly lineageWeights: readonly Messages["tributary.model.v1.LineageWeight"][];
  };
  /** QueryMilestonesRequest asks for a page of a model's milestones. */
  "tributary.model.v1.QueryMilestonesRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryMilestonesResponse carries a page of milestones. */
  "tributary.model.v1.QueryMilestonesResponse": {
    /** milestones are in order of their number. */
    readonly milestones: readonly Messages["tributary.model.v1.Milestone"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryModelByWeightsRequest names weights. */
  "tributary.model.v1.QueryModelByWeightsRequest": {
    /** weights_hash is the SHA-256 of the serialised weights. */
    readonly weightsHash: Uint8Array;
  };
  /** QueryModelByWeightsResponse carries the model that was the first to be registered with the weights, and all others. */
  "tributary.model.v1.QueryModelByWeightsResponse": {
    /** model is the model. */
    readonly model: Messages["tributary.model.v1.Model"];
    /** version is the number of the version that has these weights. */
    readonly version: number;
    /** registrations are all versions with these weights, the earliest first, at most 100. */
    readonly registrations: readonly Messages["tributary.model.v1.Registration"][];
  };
  /** QueryModelRequest names a model. */
  "tributary.model.v1.QueryModelRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
  };
  /** QueryModelResponse carries a model. */
  "tributary.model.v1.QueryModelResponse": {
    /** model is the model. */
    readonly model: Messages["tributary.model.v1.Model"];
  };
  /** QueryModelsRequest asks for a page of models. */
  "tributary.model.v1.QueryModelsRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryModelsResponse carries a page of models. */
  "tributary.model.v1.QueryModelsResponse": {
    /** models are in order of their number. */
    readonly models: readonly Messages["tributary.model.v1.Model"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryOperatorRequest names an operator. */
  "tributary.model.v1.QueryOperatorRequest": {
    /** operator is the account. */
    readonly operator: string;
  };
  /** QueryOperatorResponse carries an operator. */
  "tributary.model.v1.QueryOperatorResponse": {
    /** operator is the account's bond and past; all zero for one that has none. */
    readonly operator: Messages["tributary.model.v1.Operator"];
    /** withdrawals are the parts of the bond that were asked back. */
    readonly withdrawals: readonly Messages["tributary.model.v1.BondWithdrawal"][];
  };
  /** QueryParamsRequest asks for the parameters. */
  "tributary.model.v1.QueryParamsRequest": {};
  /** QueryParamsResponse carries the parameters. */
  "tributary.model.v1.QueryParamsResponse": {
    /** params are the parameters. */
    readonly params: Messages["tributary.model.v1.Params"];
  };
  /** QueryPositionRequest names a backer of a model. */
  "tributary.model.v1.QueryPositionRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** backer is the account. */
    readonly backer: string;
  };
  /** QueryPositionResponse says what a backer has. */
  "tributary.model.v1.QueryPositionResponse": {
    /** position is as the next operation will find it. */
    readonly position: Messages["tributary.model.v1.Position"];
    /** worth is what its shares would give if they were paid now. */
    readonly worth: Messages["cosmos.base.v1beta1.Coin"];
    /** claimable is what a ClaimBacking would pay now. */
    readonly claimable: Messages["cosmos.base.v1beta1.Coin"];
    /** unbackings are its shares that were asked back. */
    readonly unbackings: readonly Messages["tributary.model.v1.Unbacking"][];
  };
  /** QueryQuoteBuyRequest describes a purchase. */
  "tributary.model.v1.QueryQuoteBuyRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** shares is how many would be bought. */
    readonly shares: string;
  };
  /** QueryQuoteBuyResponse answers what the purchase would cost. */
  "tributary.model.v1.QueryQuoteBuyResponse": {
    /** cost is what the buyer would pay, the fee included. */
    readonly cost: Messages["cosmos.base.v1beta1.Coin"];
    /** fee is the part of it that goes into the model's escrow. */
    readonly fee: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QueryQuoteSellRequest describes a sale. */
  "tributary.model.v1.QueryQuoteSellRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** shares is how many would be sold. */
    readonly shares: string;
  };
  /** QueryQuoteSellResponse answers what the sale would pay. */
  "tributary.model.v1.QueryQuoteSellResponse": {
    /** payout is what the seller would receive, after the fee. */
    readonly payout: Messages["cosmos.base.v1beta1.Coin"];
    /** fee is what would go into the model's escrow. */
    readonly fee: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QueryRankingRequest asks for the models with the most put on them. */
  "tributary.model.v1.QueryRankingRequest": {
    /** limit is how many, at most 100; 0 for 20. */
    readonly limit: number;
  };
  /** QueryRankingResponse carries the list. */
  "tributary.model.v1.QueryRankingResponse": {
    /** models are by weight, the highest first; equal ones by number. */
    readonly models: readonly Messages["tributary.model.v1.RankedModel"][];
  };
  /** QueryVersionsRequest asks for a page of a model's versions. */
  "tributary.model.v1.QueryVersionsRequest": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryVersionsResponse carries a page of versions. */
  "tributary.model.v1.QueryVersionsResponse": {
    /** versions are in order of their number. */
    readonly versions: readonly Messages["tributary.model.v1.Version"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** RankedModel is a model's place in the list. */
  "tributary.model.v1.RankedModel": {
    /** model is the model. */
    readonly model: Messages["tributary.model.v1.Model"];
    /** backing is what was put on it. */
    readonly backing: Messages["tributary.model.v1.Backing"];
  };
  /** Registration is one version that weights were registered as. Being first does not make anybody their author. */
  "tributary.model.v1.Registration": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** version is the version's number. */
    readonly version: number;
    /** height is the block it was registered in. */
    readonly height: bigint;
    /** owner is who signed for the weights. */
    readonly owner: string;
  };
  /** ServingHost is a host that serves the model now. */
  "tributary.model.v1.ServingHost": {
    /** host is the account. */
    readonly host: string;
    /** price is what a use of the model costs there. */
    readonly price: Messages["cosmos.base.v1beta1.Coin"];
    /** weight is its bond, halved for every offence. */
    readonly weight: bigint;
    /** free_slots is how many adapters it could still mount. */
    readonly freeSlots: number;
    /** endpoint says where it is reached. */
    readonly endpoint: string;
  };
  /** StackShare is what one ancestor is owed of a version's own part, or one datanet of what its uses pay by lineage, over all paths that lead to it. Uses of the version may cite the records of every datanet of its stack. */
  "tributary.model.v1.StackShare": {
    /** model_id is an ancestor; 0 when it is a datanet. */
    readonly modelId: bigint;
    /** datanet_id is a datanet; 0 when it is an ancestor. */
    readonly datanetId: bigint;
    /** share_ppm is its declared share in parts per million. */
    readonly sharePpm: number;
    /** record_count says of a datanet how many of its records, from the first, some version of the stack was trained on. */
    readonly recordCount: bigint;
    /** version is the datanet's published version when all that name the datanet name the same; 0 when only records are named. */
    readonly version: bigint;
    /** by_records says that a version which declares no shares names the datanet: it shares in what no share is declared for. */
    readonly byRecords: boolean;
  };
  /** Unbacking is shares of a backing that were asked back. */
  "tributary.model.v1.Unbacking": {
    /** id counts withdrawals of bonds and backing together, from 1. */
    readonly id: bigint;
    /** model_id is the model. */
    readonly modelId: bigint;
    /** backer is the account. */
    readonly backer: string;
    /** shares are of those that leave; what they are worth is known when they are paid. */
    readonly shares: string;
    /** completes_at is the block time, in unix seconds, from which they are paid. */
    readonly completesAt: bigint;
  };
  /** Version is one set of weights of a model. It never changes. */
  "tributary.model.v1.Version": {
    /** model_id is the model. */
    readonly modelId: bigint;
    /** number counts the model's versions from 1. */
    readonly number: number;
    /** weights_hash is the SHA-256 of the serialised weights. */
    readonly weightsHash: Uint8Array;
    /** weights_cid is the CIDv1 of the weights as text; empty when it was not given. */
    readonly weightsCid: string;
    /** uri says where the weights or their description can be found. */
    readonly uri: string;
    /** recipe_hash is the SHA-256 of the training recipe; empty when it was not given. */
    readonly recipeHash: Uint8Array;
    /** lineage names the datanet versions, in ascending order of datanet_id. */
    readonly lineage: readonly Messages["tributary.model.v1.Lineage"][];
    /** parents are the versions of other models it was derived from, the base model first. */
    readonly parents: readonly Messages["tributary.model.v1.Parent"][];
    /** pub_key is the owner's compressed secp256k1 key that made the signature, 33 bytes. */
    readonly pubKey: Uint8Array;
    /** signature is the owner's ADR-036 signature over the registration text, 64 bytes. */
    readonly signature: Uint8Array;
    /** height is the block the version was added in. */
    readonly height: bigint;
    /** depth is how many generations of parents lie above it; 0 for a model of its own. */
    readonly depth: number;
    /** stack are all ancestors and datanets with what they are owed, ancestors first, each in ascending order. */
    readonly stack: readonly Messages["tributary.model.v1.StackShare"][];
    /** lineage_weights divide what uses pay by lineage: among the stack's datanets, and the parents of their published versions. */
    readonly lineageWeights: readonly Messages["tributary.model.v1.LineageWeight"][];
  };
  /** Announcement is gossiped when a block is committed. It is a hint: the block itself is fetched and verified. */
  "tributary.p2p.v1.Announcement": {
    readonly height: bigint;
    readonly blockHash: Uint8Array;
  };
  /** BlockHaveRequest asks which data blocks a peer has (a Request of kind "data-have"). */
  "tributary.p2p.v1.BlockHaveRequest": {
    /** SHA-256 hashes of the blocks, 32 bytes each. */
    readonly digests: readonly Uint8Array[];
  };
  /** BlockHaveResponse tells the lengths of those blocks in bytes, in the order they were asked for; 0 for one it does not give. */
  "tributary.p2p.v1.BlockHaveResponse": {
    readonly lengths: readonly bigint[];
  };
  /** BlockPart is one 64 KiB part of a proposed block. */
  "tributary.p2p.v1.BlockPart": {
    readonly height: bigint;
    readonly round: number;
    readonly part: Messages["tendermint.types.Part"];
  };
  /** BlockRequest asks for committed blocks from a height on (a Request of kind "blocks"). */
  "tributary.p2p.v1.BlockRequest": {
    readonly fromHeight: bigint;
    /** How many at the most; the answer may hold fewer, also none. */
    readonly count: number;
  };
  /** BlockResponse answers one BlockRequest, blocks ascending without a gap. */
  "tributary.p2p.v1.BlockResponse": {
    readonly blocks: readonly Messages["tributary.p2p.v1.CommittedBlock"][];
  };
  /** BlockTransactionsRequest asks for transactions of a block that was proposed in compact form, by their places. */
  "tributary.p2p.v1.BlockTransactionsRequest": {
    /** The hash of the part set of the block. */
    readonly partSetHash: Uint8Array;
    /** Ascending. */
    readonly indexes: readonly number[];
  };
  /** BlockWantRequest asks for a slice of a data block (a Request of kind "data-want"). Slices are of 131072 bytes, the last is what is left. */
  "tributary.p2p.v1.BlockWantRequest": {
    /** SHA-256 hash of the whole block. */
    readonly digest: Uint8Array;
    /** Counted from 0. */
    readonly slice: number;
  };
  /** BlockWantResponse gives one slice. */
  "tributary.p2p.v1.BlockWantResponse": {
    /** Length of the whole block in bytes; 0 when the peer does not have it any more. */
    readonly length: bigint;
    readonly slice: Uint8Array;
  };
  /** Certificate is more than two thirds of signatures for one thing, in the shape of a commit. */
  "tributary.p2p.v1.Certificate": {
    /** True for precommits (a commit), false for prevotes (a polka). */
    readonly precommits: boolean;
    readonly commit: Messages["tendermint.types.Commit"];
    /** What the application added to each precommit for the block, in their order; none where votes are not extended. */
    readonly extensions: readonly Messages["tributary.p2p.v1.VoteExtension"][];
  };
  /** ClockRequest asks what time it is at the peer. */
  "tributary.p2p.v1.ClockRequest": {};
  /** ClockResponse tells the peer's wall clock at the moment of the answer. */
  "tributary.p2p.v1.ClockResponse": {
    /** Milliseconds since 1970, UTC. */
    readonly timeMs: bigint;
  };
  /** CommittedBlock is a block's bytes and a commit for it, the one this node saw. */
  "tributary.p2p.v1.CommittedBlock": {
    /** proto(tendermint.types.Block) */
    readonly block: Uint8Array;
    /** proto(tendermint.types.Commit); empty where extended_commit is there */
    readonly commit: Uint8Array;
    /** proto(tendermint.types.ExtendedCommit), the one this node saw, at heights whose precommits carry vote extensions */
    readonly extendedCommit: Uint8Array;
  };
  /** CompactProposal is a proposal with its block, the transactions named instead of given: the receiver has most of them and asks for the rest. What it puts together must come to the parts that the proposal names. */
  "tributary.p2p.v1.CompactProposal": {
    readonly proposal: Messages["tendermint.types.Proposal"];
    /** The block without its transactions: header, evidence, last commit. */
    readonly block: Messages["tendermint.types.Block"];
    /** The first 15 bytes of each transaction's SHA-256, in the block's order, end to end. */
    readonly transactionIds: Uint8Array;
  };
  /** ConsensusMessage is one thing that consensus says to its peers. */
  "tributary.p2p.v1.ConsensusMessage": {
    readonly proposal?: Messages["tendermint.types.Proposal"] | undefined;
    readonly blockPart?: Messages["tributary.p2p.v1.BlockPart"] | undefined;
    readonly vote?: Messages["tendermint.types.Vote"] | undefined;
    readonly certificate?: Messages["tributary.p2p.v1.Certificate"] | undefined;
    readonly evidence?: Messages["tendermint.types.Evidence"] | undefined;
  };
  /** Frame is one length-prefixed message of the stream. Exactly one field is set; a receiver ignores a body it does not know. */
  "tributary.p2p.v1.Frame": {
    readonly hello?: Messages["tributary.p2p.v1.Hello"] | undefined;
    readonly status?: Messages["tributary.p2p.v1.Status"] | undefined;
    readonly transactions?: Messages["tributary.p2p.v1.Transactions"] | undefined;
    readonly consensus?: Messages["tributary.p2p.v1.ConsensusMessage"] | undefined;
    readonly repairRequest?: Messages["tributary.p2p.v1.RepairRequest"] | undefined;
    readonly repairResponse?: Messages["tributary.p2p.v1.RepairResponse"] | undefined;
    readonly request?: Messages["tributary.p2p.v1.Request"] | undefined;
    readonly response?: Messages["tributary.p2p.v1.Response"] | undefined;
    readonly compactProposal?: Messages["tributary.p2p.v1.CompactProposal"] | undefined;
  };
  /** Hello opens the stream on both sides. Nodes of another chain or genesis part at once. */
  "tributary.p2p.v1.Hello": {
    /** The chain's name, as in its genesis. */
    readonly chainId: string;
    /** sha256 of the genesis document's bytes as this node serves them, so that two chains of one name are told apart. */
    readonly genesisHash: Uint8Array;
    /** The block protocol version (CometBFT's 11). */
    readonly blockProtocol: bigint;
    /** The operator's name for the node. */
    readonly moniker: string;
    /** Where this node listens, "host:port", or empty if it only dials. */
    readonly listenAddress: string;
    /** The heights this node can serve. */
    readonly status: Messages["tributary.p2p.v1.Status"];
    /** The node's software and version. */
    readonly version: string;
  };
  /** PeersRequest asks a peer for addresses of others. */
  "tributary.p2p.v1.PeersRequest": {};
  /** PeersResponse gives some of the addresses a node knows, chosen at random, as `id@host:port` or a libp2p address through a relay. */
  "tributary.p2p.v1.PeersResponse": {
    readonly addresses: readonly string[];
  };
  /** RepairRequest tells where the sender stands, so that the receiver can send what it lacks (pulled repair). A bit map has one bit per validator index or part index, least significant bit first in each byte. */
  "tributary.p2p.v1.RepairRequest": {
    readonly height: bigint;
    readonly round: number;
    /** Rounds for which the sender holds votes, ascending. */
    readonly rounds: readonly Messages["tributary.p2p.v1.RoundVotes"][];
    /** The block whose parts are wanted; absent when none is. */
    readonly wanted: Messages["tendermint.types.BlockID"] | undefined;
    /** The parts of it that the sender holds. */
    readonly parts: Uint8Array;
  };
  /** RepairResponse gives what the asker lacked. */
  "tributary.p2p.v1.RepairResponse": {
    readonly messages: readonly Messages["tributary.p2p.v1.ConsensusMessage"][];
  };
  /** Request asks a peer for something of a named kind; exactly one Response with the same id follows. */
  "tributary.p2p.v1.Request": {
    /** Chosen by the asker and repeated in the answer. */
    readonly id: bigint;
    /** What is asked for, "peers" for example. A kind that the receiver does not know is refused. */
    readonly kind: string;
    /** The question, in the message that the kind names. */
    readonly body: Uint8Array;
  };
  /** Response answers one Request. */
  "tributary.p2p.v1.Response": {
    readonly id: bigint;
    /** The answer, in the message that the kind names; empty when refused. */
    readonly body: Uint8Array;
    /** True when the peer does not answer: it does not know the kind, has nothing, or was asked too often. */
    readonly refused: boolean;
  };
  /** RoundVotes is what the sender of a RepairRequest holds of one round. */
  "tributary.p2p.v1.RoundVotes": {
    readonly round: number;
    readonly hasProposal: boolean;
    readonly prevotes: Uint8Array;
    readonly precommits: Uint8Array;
    /** Keys of the certificates held. */
    readonly certificates: readonly string[];
  };
  /** Status tells which committed blocks the sender can serve: base to height, both inclusive; 0 when it has none. */
  "tributary.p2p.v1.Status": {
    readonly base: bigint;
    readonly height: bigint;
  };
  /** Transactions carries several transactions, coalesced over a few milliseconds. */
  "tributary.p2p.v1.Transactions": {
    readonly txs: readonly Uint8Array[];
  };
  /** VoteExtension is what the application adds to a precommit, with the validator's signature on it. */
  "tributary.p2p.v1.VoteExtension": {
    readonly extension: Uint8Array;
    readonly extensionSignature: Uint8Array;
  };
  /** BytesValue has the bytes of google.protobuf.BytesValue, which the standard modules store for a bare address. */
  "tributary.store.v1.BytesValue": {
    readonly value: Uint8Array;
  };
  /** Int64Value has the bytes of google.protobuf.Int64Value, which the standard modules store for a bare number. Google's own file is not imported because it also defines floating point values, which have no place in a state machine. */
  "tributary.store.v1.Int64Value": {
    readonly value: bigint;
  };
  /** CreatorToken is a denomination that anyone can make and take back at its rate in the anchor's denomination. */
  "tributary.tokenpool.v1.CreatorToken": {
    /** denom is "creator/{creator}/{name}". */
    readonly denom: string;
    /** creator made the token. */
    readonly creator: string;
    /** rate is what 1000000 units cost, in the anchor's denomination. */
    readonly rate: string;
    /** rate_fixed says that the rate never changes; otherwise it can only rise, and who raises it pays for all that is out. */
    readonly rateFixed: boolean;
    /** supply is how many units there are. */
    readonly supply: string;
    /** reserve is what backs them; never less than floor(supply * rate / 1000000). Gifts to the vault's account do not count. */
    readonly reserve: string;
  };
  /** GenesisState is the module's state in a genesis file. Balances and supplies stand in the bank's. Orders never outlive their block. */
  "tributary.tokenpool.v1.GenesisState": {
    /** params are the parameters. */
    readonly params: Messages["tributary.tokenpool.v1.Params"];
    /** pools are in order of their number, without gaps from 1. */
    readonly pools: readonly Messages["tributary.tokenpool.v1.Pool"][];
    /** observations are in order of pool and slot. */
    readonly observations: readonly Messages["tributary.tokenpool.v1.Observation"][];
    /** tokens are in order of their denomination. */
    readonly tokens: readonly Messages["tributary.tokenpool.v1.CreatorToken"][];
  };
  /** MsgAddLiquidity pays at most max_a and max_b in, in the pool's ratio. */
  "tributary.tokenpool.v1.MsgAddLiquidity": {
    /** provider pays and receives the shares. */
    readonly provider: string;
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** max_a is the most that may be taken of one denomination. */
    readonly maxA: Messages["cosmos.base.v1beta1.Coin"];
    /** max_b is the most that may be taken of the other denomination. */
    readonly maxB: Messages["cosmos.base.v1beta1.Coin"];
    /** min_shares is the fewest shares accepted; at least 1. */
    readonly minShares: string;
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgAddLiquidityResponse says what was paid and received. */
  "tributary.tokenpool.v1.MsgAddLiquidityResponse": {
    /** paid are the two amounts taken. */
    readonly paid: readonly Messages["cosmos.base.v1beta1.Coin"][];
    /** shares is what the provider received. */
    readonly shares: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgCreatePool opens a pool. The creator receives floor(sqrt(a * b)) - 1000 shares; 1000 stay locked. */
  "tributary.tokenpool.v1.MsgCreatePool": {
    /** creator pays the first liquidity. */
    readonly creator: string;
    /** coin_a is one side of the first liquidity. */
    readonly coinA: Messages["cosmos.base.v1beta1.Coin"];
    /** coin_b is the other side, of another denomination. */
    readonly coinB: Messages["cosmos.base.v1beta1.Coin"];
    /** batched makes a pool that takes orders, settled together at one price at the end of each block, and no swaps. */
    readonly batched: boolean;
  };
  /** MsgCreatePoolResponse names the new pool. */
  "tributary.tokenpool.v1.MsgCreatePoolResponse": {
    /** pool_id is the number of the new pool. */
    readonly poolId: bigint;
    /** shares is what the creator received. */
    readonly shares: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgCreateToken makes a creator token. */
  "tributary.tokenpool.v1.MsgCreateToken": {
    /** creator makes the token. */
    readonly creator: string;
    /** name is 3 to 32 of a-z, 0-9, "." and "-", beginning with a letter; unique among the creator's tokens. */
    readonly name: string;
    /** rate is what 1000000 units cost, in the anchor's denomination; at least 1. */
    readonly rate: string;
    /** rate_fixed says that the rate never changes. */
    readonly rateFixed: boolean;
  };
  /** MsgCreateTokenResponse names the new denomination. */
  "tributary.tokenpool.v1.MsgCreateTokenResponse": {
    /** denom is "creator/{creator}/{name}". */
    readonly denom: string;
  };
  /** MsgMintAnchored makes units of a creator token. */
  "tributary.tokenpool.v1.MsgMintAnchored": {
    /** buyer pays and receives. */
    readonly buyer: string;
    /** amount is what is made. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
    /** max_cost is the most that may be taken, in the anchor's denomination; at least 1. */
    readonly maxCost: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgMintAnchoredResponse says what was paid. */
  "tributary.tokenpool.v1.MsgMintAnchoredResponse": {
    /** cost is ceil(amount * rate / 1000000). */
    readonly cost: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgPlaceOrder sells into a batched pool. At the end of the block the order is carried out or given back. */
  "tributary.tokenpool.v1.MsgPlaceOrder": {
    /** trader pays and receives. */
    readonly trader: string;
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** amount_in is what is sold. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
    /** min_out is the least accepted of the other denomination; at least 1. */
    readonly minOut: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgPlaceOrderResponse names the order. */
  "tributary.tokenpool.v1.MsgPlaceOrderResponse": {
    /** order_id is the order's number in this block; the block's events say what became of it. */
    readonly orderId: bigint;
  };
  /** MsgRaiseRate raises the rate of a creator token. */
  "tributary.tokenpool.v1.MsgRaiseRate": {
    /** creator made the token. */
    readonly creator: string;
    /** denom is the token. */
    readonly denom: string;
    /** rate is the new rate; above the one there is. */
    readonly rate: string;
    /** max_added is the most that may be taken for the reserve, in the anchor's denomination; zero when nothing is needed. */
    readonly maxAdded: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgRaiseRateResponse says what was paid. */
  "tributary.tokenpool.v1.MsgRaiseRateResponse": {
    /** added is what the reserve needed. */
    readonly added: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgRedeem gives units of a creator token back. */
  "tributary.tokenpool.v1.MsgRedeem": {
    /** holder gives the units and receives what they are worth. */
    readonly holder: string;
    /** amount is what is given back. */
    readonly amount: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgRedeemResponse says what was received. */
  "tributary.tokenpool.v1.MsgRedeemResponse": {
    /** received is floor(amount * rate / 1000000). */
    readonly received: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgRemoveLiquidity gives shares back. */
  "tributary.tokenpool.v1.MsgRemoveLiquidity": {
    /** provider owns the shares and receives both denominations. */
    readonly provider: string;
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** shares is how many shares are given back. */
    readonly shares: string;
    /** min_a is the least accepted of one denomination; at least 1. */
    readonly minA: Messages["cosmos.base.v1beta1.Coin"];
    /** min_b is the least accepted of the other denomination; at least 1. */
    readonly minB: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgRemoveLiquidityResponse says what was received. */
  "tributary.tokenpool.v1.MsgRemoveLiquidityResponse": {
    /** received are the two amounts paid out. */
    readonly received: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** MsgSwapExactIn sells amount_in for as much of the pool's other denomination as the pool gives. */
  "tributary.tokenpool.v1.MsgSwapExactIn": {
    /** trader pays and receives. */
    readonly trader: string;
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** amount_in is what is sold. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
    /** min_out is the least accepted of the other denomination; at least 1. */
    readonly minOut: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgSwapExactInResponse says what was received. */
  "tributary.tokenpool.v1.MsgSwapExactInResponse": {
    /** amount_out is what the trader received. */
    readonly amountOut: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgSwapExactOut buys amount_out for as little of the pool's other denomination as the pool takes. */
  "tributary.tokenpool.v1.MsgSwapExactOut": {
    /** trader pays and receives. */
    readonly trader: string;
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** amount_out is what is bought. */
    readonly amountOut: Messages["cosmos.base.v1beta1.Coin"];
    /** max_in is the most that may be taken of the other denomination; at least 1. */
    readonly maxIn: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgSwapExactOutResponse says what was paid. */
  "tributary.tokenpool.v1.MsgSwapExactOutResponse": {
    /** amount_in is what the trader paid. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgSwapRouteExactIn sells amount_in into the first pool, what that gives into the second, and so on. */
  "tributary.tokenpool.v1.MsgSwapRouteExactIn": {
    /** trader pays and receives. */
    readonly trader: string;
    /** pool_ids are 1 to 4 different pools in the order of the route. */
    readonly poolIds: readonly bigint[];
    /** amount_in is what is sold. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
    /** min_out is the least accepted at the end of the route; at least 1. */
    readonly minOut: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgSwapRouteExactInResponse says what was received. */
  "tributary.tokenpool.v1.MsgSwapRouteExactInResponse": {
    /** amount_out is what the trader received. */
    readonly amountOut: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgSwapRouteExactOut buys amount_out at the end of the route for as little as the first pool takes. */
  "tributary.tokenpool.v1.MsgSwapRouteExactOut": {
    /** trader pays and receives. */
    readonly trader: string;
    /** pool_ids are 1 to 4 different pools in the order of the route. */
    readonly poolIds: readonly bigint[];
    /** amount_out is what is bought. */
    readonly amountOut: Messages["cosmos.base.v1beta1.Coin"];
    /** max_in is the most that may be taken at the beginning of the route; at least 1. */
    readonly maxIn: Messages["cosmos.base.v1beta1.Coin"];
    /** deadline is the last block time, in unix seconds, at which the message may still be carried out. */
    readonly deadline: bigint;
  };
  /** MsgSwapRouteExactOutResponse says what was paid. */
  "tributary.tokenpool.v1.MsgSwapRouteExactOutResponse": {
    /** amount_in is what the trader paid. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** MsgUpdateParams changes the module's parameters; all of them must be given. Pools that are there keep their fee, the anchor's denomination stays. */
  "tributary.tokenpool.v1.MsgUpdateParams": {
    /** authority is the governance account. */
    readonly authority: string;
    /** params are the parameters from now on. */
    readonly params: Messages["tributary.tokenpool.v1.Params"];
  };
  /** MsgUpdateParamsResponse is empty. */
  "tributary.tokenpool.v1.MsgUpdateParamsResponse": {};
  /** Observation keeps where a pool's sums of prices stood, for averages over time: one for each five minutes with a change. */
  "tributary.tokenpool.v1.Observation": {
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** slot is the five minutes, counted from the beginning of unix time. */
    readonly slot: bigint;
    /** first is where the sums stood at the first change in it. */
    readonly first: Messages["tributary.tokenpool.v1.PriceSum"];
    /** last is where they stood at the last one. */
    readonly last: Messages["tributary.tokenpool.v1.PriceSum"];
  };
  /** Order waits in a batched pool for the end of the block. */
  "tributary.tokenpool.v1.Order": {
    /** id counts the orders of a block from 1. */
    readonly id: bigint;
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** trader pays and receives. */
    readonly trader: string;
    /** amount_in is what is sold; the module holds it until the end of the block. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
    /** min_out is the least accepted of the other denomination. */
    readonly minOut: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** Params are the module's parameters. */
  "tributary.tokenpool.v1.Params": {
    /** fee_ppm is the share of every swap's input that stays in the pool, in parts per million, of pools created from now on. */
    readonly feePpm: number;
    /** protocol_fee_part makes one part in this many of what fees add to a pool the protocol's, in shares of the pool; 0 for none. Uniswap v2's is 6. */
    readonly protocolFeePart: number;
    /** anchor_denom is what creator tokens are backed with; it never changes. */
    readonly anchorDenom: string;
  };
  /** Pool holds two denominations and prices them by x * y = k. */
  "tributary.tokenpool.v1.Pool": {
    /** id counts from 1. The pool's shares are the denomination "pool/{id}". */
    readonly id: bigint;
    /** denom_0 is the bytewise smaller of the two denominations. */
    readonly denom0: string;
    /** denom_1 is the bytewise larger of the two denominations. */
    readonly denom1: string;
    /** reserve_0 is what the pool holds of denom_0. Gifts to the module's account do not count. */
    readonly reserve0: string;
    /** reserve_1 is what the pool holds of denom_1. */
    readonly reserve1: string;
    /** share_supply counts all shares, including those that stay locked for ever. */
    readonly shareSupply: string;
    /** fee_ppm is the swap fee of this pool, fixed at its creation, in parts per million of the input. */
    readonly feePpm: number;
    /** batched pools take orders, which are settled together at one price at the end of the block, and no swaps. */
    readonly batched: boolean;
    /** k_last is the product of the reserves when the protocol's part was last taken; 0 while there is no protocol fee. */
    readonly kLast: string;
    /** cumulative_0 sums the price of denom_0 in denom_1 over the seconds before updated_at, times 2^112, modulo 2^256. */
    readonly cumulative0: string;
    /** cumulative_1 sums the price of denom_1 in denom_0 likewise. */
    readonly cumulative1: string;
    /** updated_at is the block time, in unix seconds, of the first change in the last block that changed the pool. */
    readonly updatedAt: bigint;
  };
  /** PriceSum is where a pool's sums of prices stood at a time. */
  "tributary.tokenpool.v1.PriceSum": {
    /** time is a block time in unix seconds. */
    readonly time: bigint;
    /** cumulative_0 is the pool's at that time. */
    readonly cumulative0: string;
    /** cumulative_1 is the pool's at that time. */
    readonly cumulative1: string;
  };
  /** QueryParamsRequest asks for the parameters. */
  "tributary.tokenpool.v1.QueryParamsRequest": {};
  /** QueryParamsResponse carries the parameters. */
  "tributary.tokenpool.v1.QueryParamsResponse": {
    /** params are the parameters. */
    readonly params: Messages["tributary.tokenpool.v1.Params"];
  };
  /** QueryPoolRequest names a pool. */
  "tributary.tokenpool.v1.QueryPoolRequest": {
    /** pool_id is the pool. */
    readonly poolId: bigint;
  };
  /** QueryPoolResponse carries a pool. */
  "tributary.tokenpool.v1.QueryPoolResponse": {
    /** pool is the pool. */
    readonly pool: Messages["tributary.tokenpool.v1.Pool"];
  };
  /** QueryPoolsRequest asks for a page of pools. */
  "tributary.tokenpool.v1.QueryPoolsRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryPoolsResponse carries a page of pools. */
  "tributary.tokenpool.v1.QueryPoolsResponse": {
    /** pools are in order of their number. */
    readonly pools: readonly Messages["tributary.tokenpool.v1.Pool"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryPositionRequest names a pool and an account. */
  "tributary.tokenpool.v1.QueryPositionRequest": {
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** address is the account. */
    readonly address: string;
  };
  /** QueryPositionResponse carries a position. */
  "tributary.tokenpool.v1.QueryPositionResponse": {
    /** shares is what the account owns of "pool/{id}". */
    readonly shares: Messages["cosmos.base.v1beta1.Coin"];
    /** redeemable is what the shares would give if removed now. */
    readonly redeemable: readonly Messages["cosmos.base.v1beta1.Coin"][];
  };
  /** QueryQuoteExactInRequest describes a sale. */
  "tributary.tokenpool.v1.QueryQuoteExactInRequest": {
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** denom_in is what would be sold. */
    readonly denomIn: string;
    /** amount_in is how much. */
    readonly amountIn: string;
  };
  /** QueryQuoteExactInResponse answers what the sale would give. */
  "tributary.tokenpool.v1.QueryQuoteExactInResponse": {
    /** amount_out is what the trader would receive. */
    readonly amountOut: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QueryQuoteExactOutRequest describes a purchase. */
  "tributary.tokenpool.v1.QueryQuoteExactOutRequest": {
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** denom_out is what would be bought. */
    readonly denomOut: string;
    /** amount_out is how much. */
    readonly amountOut: string;
  };
  /** QueryQuoteExactOutResponse answers what the purchase would take. */
  "tributary.tokenpool.v1.QueryQuoteExactOutResponse": {
    /** amount_in is what the trader would pay. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QueryRouteRequest describes a sale or a purchase; one of amount_in and amount_out is given. */
  "tributary.tokenpool.v1.QueryRouteRequest": {
    /** denom_in is what would be sold. */
    readonly denomIn: string;
    /** denom_out is what would be bought. */
    readonly denomOut: string;
    /** amount_in is how much would be sold; 0 or empty when amount_out is given. */
    readonly amountIn: string;
    /** amount_out is how much would be bought; 0 or empty when amount_in is given. */
    readonly amountOut: string;
  };
  /** QueryRouteResponse carries the best way. */
  "tributary.tokenpool.v1.QueryRouteResponse": {
    /** pool_ids are the pools in their order. */
    readonly poolIds: readonly bigint[];
    /** amount_in is what the way takes. */
    readonly amountIn: Messages["cosmos.base.v1beta1.Coin"];
    /** amount_out is what it gives. */
    readonly amountOut: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QueryTokenRequest names a creator token. */
  "tributary.tokenpool.v1.QueryTokenRequest": {
    /** denom is "creator/{creator}/{name}". */
    readonly denom: string;
  };
  /** QueryTokenResponse carries a creator token. */
  "tributary.tokenpool.v1.QueryTokenResponse": {
    /** token is the token. */
    readonly token: Messages["tributary.tokenpool.v1.CreatorToken"];
    /** needed is what its units are worth at the rate, rounded down; the reserve is never less. */
    readonly needed: Messages["cosmos.base.v1beta1.Coin"];
    /** held is what the vault's account holds for all tokens together, gifts included. */
    readonly held: Messages["cosmos.base.v1beta1.Coin"];
  };
  /** QueryTokensRequest asks for a page of creator tokens. */
  "tributary.tokenpool.v1.QueryTokensRequest": {
    /** pagination chooses the page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageRequest"] | undefined;
  };
  /** QueryTokensResponse carries a page of creator tokens. */
  "tributary.tokenpool.v1.QueryTokensResponse": {
    /** tokens are in order of their denomination. */
    readonly tokens: readonly Messages["tributary.tokenpool.v1.CreatorToken"][];
    /** pagination leads to the next page. */
    readonly pagination: Messages["cosmos.base.query.v1beta1.PageResponse"] | undefined;
  };
  /** QueryTwapRequest names a pool and a time. */
  "tributary.tokenpool.v1.QueryTwapRequest": {
    /** pool_id is the pool. */
    readonly poolId: bigint;
    /** window_seconds is how long the time is; 1 to 172800. */
    readonly windowSeconds: bigint;
  };
  /** QueryTwapResponse carries averages. Prices are times 2^112, as Uniswap v2's. */
  "tributary.tokenpool.v1.QueryTwapResponse": {
    /** price_0 is the average price of denom_0 in denom_1, times 2^112, rounded down. */
    readonly price0: string;
    /** price_1 is the average price of denom_1 in denom_0, times 2^112, rounded down. */
    readonly price1: string;
    /** from is where the time began, in unix seconds. */
    readonly from: bigint;
    /** to is where it ended: the last block's time. */
    readonly to: bigint;
  };
}

/** The full name of a message. */
export type MessageName = keyof Messages;

/** The methods of every service: package, service, method, and the names of its request and response. */
export interface Services {
  "cosmos.auth.v1beta1": {
    /** The rules that transactions are checked by. */
    Msg: {
      /** Change the module's parameters, as governance */
      UpdateParams: ["cosmos.auth.v1beta1.MsgUpdateParams", "cosmos.auth.v1beta1.MsgUpdateParamsResponse"];
    };
    /** Accounts. */
    Query: {
      /** Query all accounts */
      Accounts: ["cosmos.auth.v1beta1.QueryAccountsRequest", "cosmos.auth.v1beta1.QueryAccountsResponse"];
      /** Query an account by its address */
      Account: ["cosmos.auth.v1beta1.QueryAccountRequest", "cosmos.auth.v1beta1.QueryAccountResponse"];
      /** Query an account's address by its number */
      AccountAddressByID: ["cosmos.auth.v1beta1.QueryAccountAddressByIDRequest", "cosmos.auth.v1beta1.QueryAccountAddressByIDResponse"];
      /** Query the rules transactions are checked by */
      Params: ["cosmos.auth.v1beta1.QueryParamsRequest", "cosmos.auth.v1beta1.QueryParamsResponse"];
      /** Query the modules' accounts */
      ModuleAccounts: ["cosmos.auth.v1beta1.QueryModuleAccountsRequest", "cosmos.auth.v1beta1.QueryModuleAccountsResponse"];
      /** Query a module's account by the module's name */
      ModuleAccountByName: ["cosmos.auth.v1beta1.QueryModuleAccountByNameRequest", "cosmos.auth.v1beta1.QueryModuleAccountByNameResponse"];
      /** Query the prefix of this chain's addresses */
      Bech32Prefix: ["cosmos.auth.v1beta1.Bech32PrefixRequest", "cosmos.auth.v1beta1.Bech32PrefixResponse"];
      /** Turn an address's bytes into text */
      AddressBytesToString: ["cosmos.auth.v1beta1.AddressBytesToStringRequest", "cosmos.auth.v1beta1.AddressBytesToStringResponse"];
      /** Turn an address's text into bytes */
      AddressStringToBytes: ["cosmos.auth.v1beta1.AddressStringToBytesRequest", "cosmos.auth.v1beta1.AddressStringToBytesResponse"];
      /** Query what all kinds of account have in common */
      AccountInfo: ["cosmos.auth.v1beta1.QueryAccountInfoRequest", "cosmos.auth.v1beta1.QueryAccountInfoResponse"];
    };
  };
  "cosmos.authz.v1beta1": {
    /** Running messages for another account. */
    Msg: {
      /** Let another account run messages for yours */
      Grant: ["cosmos.authz.v1beta1.MsgGrant", "cosmos.authz.v1beta1.MsgGrantResponse"];
      /** Run messages for the accounts that let you */
      Exec: ["cosmos.authz.v1beta1.MsgExec", "cosmos.authz.v1beta1.MsgExecResponse"];
      /** Take an authorization back */
      Revoke: ["cosmos.authz.v1beta1.MsgRevoke", "cosmos.authz.v1beta1.MsgRevokeResponse"];
    };
    /** Who may run which messages for whom. */
    Query: {
      /** Query what one account lets another do, of all messages or of one type */
      Grants: ["cosmos.authz.v1beta1.QueryGrantsRequest", "cosmos.authz.v1beta1.QueryGrantsResponse"];
      /** Query everything that an account lets others do */
      GranterGrants: ["cosmos.authz.v1beta1.QueryGranterGrantsRequest", "cosmos.authz.v1beta1.QueryGranterGrantsResponse"];
      /** Query everything that others let an account do */
      GranteeGrants: ["cosmos.authz.v1beta1.QueryGranteeGrantsRequest", "cosmos.authz.v1beta1.QueryGranteeGrantsResponse"];
    };
  };
  "cosmos.bank.v1beta1": {
    /** Moving coins. */
    Msg: {
      /** Send coins from one account to another */
      Send: ["cosmos.bank.v1beta1.MsgSend", "cosmos.bank.v1beta1.MsgSendResponse"];
      /** Send coins from one account to several */
      MultiSend: ["cosmos.bank.v1beta1.MsgMultiSend", "cosmos.bank.v1beta1.MsgMultiSendResponse"];
      /** Change the module's parameters, as governance */
      UpdateParams: ["cosmos.bank.v1beta1.MsgUpdateParams", "cosmos.bank.v1beta1.MsgUpdateParamsResponse"];
      /** Set which denominations may be sent, as governance */
      SetSendEnabled: ["cosmos.bank.v1beta1.MsgSetSendEnabled", "cosmos.bank.v1beta1.MsgSetSendEnabledResponse"];
    };
    /** Balances, supply and denominations. */
    Query: {
      /** Query how much of one denomination an account holds */
      Balance: ["cosmos.bank.v1beta1.QueryBalanceRequest", "cosmos.bank.v1beta1.QueryBalanceResponse"];
      /** Query all that an account holds */
      AllBalances: ["cosmos.bank.v1beta1.QueryAllBalancesRequest", "cosmos.bank.v1beta1.QueryAllBalancesResponse"];
      /** Query all that an account may spend */
      SpendableBalances: ["cosmos.bank.v1beta1.QuerySpendableBalancesRequest", "cosmos.bank.v1beta1.QuerySpendableBalancesResponse"];
      /** Query how much of one denomination an account may spend */
      SpendableBalanceByDenom: ["cosmos.bank.v1beta1.QuerySpendableBalanceByDenomRequest", "cosmos.bank.v1beta1.QuerySpendableBalanceByDenomResponse"];
      /** Query the supply of every denomination */
      TotalSupply: ["cosmos.bank.v1beta1.QueryTotalSupplyRequest", "cosmos.bank.v1beta1.QueryTotalSupplyResponse"];
      /** Query the supply of one denomination */
      SupplyOf: ["cosmos.bank.v1beta1.QuerySupplyOfRequest", "cosmos.bank.v1beta1.QuerySupplyOfResponse"];
      /** Query the module's parameters */
      Params: ["cosmos.bank.v1beta1.QueryParamsRequest", "cosmos.bank.v1beta1.QueryParamsResponse"];
      /** Query how every denomination is shown */
      DenomsMetadata: ["cosmos.bank.v1beta1.QueryDenomsMetadataRequest", "cosmos.bank.v1beta1.QueryDenomsMetadataResponse"];
      /** Query how one denomination is shown */
      DenomMetadata: ["cosmos.bank.v1beta1.QueryDenomMetadataRequest", "cosmos.bank.v1beta1.QueryDenomMetadataResponse"];
      /** Query how one denomination is shown, its name in the query string */
      DenomMetadataByQueryString: ["cosmos.bank.v1beta1.QueryDenomMetadataByQueryStringRequest", "cosmos.bank.v1beta1.QueryDenomMetadataByQueryStringResponse"];
      /** Query who holds a denomination */
      DenomOwners: ["cosmos.bank.v1beta1.QueryDenomOwnersRequest", "cosmos.bank.v1beta1.QueryDenomOwnersResponse"];
      /** Query who holds a denomination, for names with slashes in them */
      DenomOwnersByQuery: ["cosmos.bank.v1beta1.QueryDenomOwnersByQueryRequest", "cosmos.bank.v1beta1.QueryDenomOwnersByQueryResponse"];
      /** Query which denominations may be sent */
      SendEnabled: ["cosmos.bank.v1beta1.QuerySendEnabledRequest", "cosmos.bank.v1beta1.QuerySendEnabledResponse"];
    };
  };
  "cosmos.base.node.v1beta1": {
    /** Facts about this node. */
    Service: {
      /** Query the operator's settings */
      Config: ["cosmos.base.node.v1beta1.ConfigRequest", "cosmos.base.node.v1beta1.ConfigResponse"];
      /** Query the height this node has reached */
      Status: ["cosmos.base.node.v1beta1.StatusRequest", "cosmos.base.node.v1beta1.StatusResponse"];
    };
  };
  "cosmos.base.reflection.v1beta1": {
    /** Which messages may stand where a field takes any of an interface's. */
    ReflectionService: {
      /** Query the names of all interfaces */
      ListAllInterfaces: ["cosmos.base.reflection.v1beta1.ListAllInterfacesRequest", "cosmos.base.reflection.v1beta1.ListAllInterfacesResponse"];
      /** Query the messages that implement an interface */
      ListImplementations: ["cosmos.base.reflection.v1beta1.ListImplementationsRequest", "cosmos.base.reflection.v1beta1.ListImplementationsResponse"];
    };
  };
  "cosmos.base.tendermint.v1beta1": {
    /** The consensus engine, asked through the application's API. */
    Service: {
      /** Query this node's identity and versions */
      GetNodeInfo: ["cosmos.base.tendermint.v1beta1.GetNodeInfoRequest", "cosmos.base.tendermint.v1beta1.GetNodeInfoResponse"];
      /** Query whether this node is catching up */
      GetSyncing: ["cosmos.base.tendermint.v1beta1.GetSyncingRequest", "cosmos.base.tendermint.v1beta1.GetSyncingResponse"];
      /** Query the newest block */
      GetLatestBlock: ["cosmos.base.tendermint.v1beta1.GetLatestBlockRequest", "cosmos.base.tendermint.v1beta1.GetLatestBlockResponse"];
      /** Query the block of one height */
      GetBlockByHeight: ["cosmos.base.tendermint.v1beta1.GetBlockByHeightRequest", "cosmos.base.tendermint.v1beta1.GetBlockByHeightResponse"];
      /** Query the newest validator set */
      GetLatestValidatorSet: ["cosmos.base.tendermint.v1beta1.GetLatestValidatorSetRequest", "cosmos.base.tendermint.v1beta1.GetLatestValidatorSetResponse"];
      /** Query the validator set of one height */
      GetValidatorSetByHeight: ["cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightRequest", "cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightResponse"];
      /** Query a store, with a proof if asked for */
      ABCIQuery: ["cosmos.base.tendermint.v1beta1.ABCIQueryRequest", "cosmos.base.tendermint.v1beta1.ABCIQueryResponse"];
    };
  };
  "cosmos.consensus.v1": {
    /** The consensus engine's parameters. */
    Msg: {
      /** Change the consensus engine's parameters */
      UpdateParams: ["cosmos.consensus.v1.MsgUpdateParams", "cosmos.consensus.v1.MsgUpdateParamsResponse"];
    };
    /** The consensus engine's parameters. */
    Query: {
      /** Query the consensus engine's parameters */
      Params: ["cosmos.consensus.v1.QueryParamsRequest", "cosmos.consensus.v1.QueryParamsResponse"];
    };
  };
  "cosmos.distribution.v1beta1": {
    /** Withdrawing rewards, and the community pool. */
    Msg: {
      /** Have rewards paid to another address */
      SetWithdrawAddress: ["cosmos.distribution.v1beta1.MsgSetWithdrawAddress", "cosmos.distribution.v1beta1.MsgSetWithdrawAddressResponse"];
      /** Withdraw what a delegation has earned */
      WithdrawDelegatorReward: ["cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", "cosmos.distribution.v1beta1.MsgWithdrawDelegatorRewardResponse"];
      /** Withdraw a validator's commission */
      WithdrawValidatorCommission: ["cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommissionResponse"];
      /** Give coins to the community pool */
      FundCommunityPool: ["cosmos.distribution.v1beta1.MsgFundCommunityPool", "cosmos.distribution.v1beta1.MsgFundCommunityPoolResponse"];
      /** Change how rewards are divided, by governance */
      UpdateParams: ["cosmos.distribution.v1beta1.MsgUpdateParams", "cosmos.distribution.v1beta1.MsgUpdateParamsResponse"];
      /** Pay from the community pool, by governance */
      CommunityPoolSpend: ["cosmos.distribution.v1beta1.MsgCommunityPoolSpend", "cosmos.distribution.v1beta1.MsgCommunityPoolSpendResponse"];
      /** Give coins to a validator and its delegators as rewards */
      DepositValidatorRewardsPool: ["cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool", "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPoolResponse"];
    };
    /** What is owed to whom. */
    Query: {
      /** Query how rewards are divided */
      Params: ["cosmos.distribution.v1beta1.QueryParamsRequest", "cosmos.distribution.v1beta1.QueryParamsResponse"];
      /** Query a validator's commission and what its operator's own stake has earned */
      ValidatorDistributionInfo: ["cosmos.distribution.v1beta1.QueryValidatorDistributionInfoRequest", "cosmos.distribution.v1beta1.QueryValidatorDistributionInfoResponse"];
      /** Query all that is owed to a validator and its delegators */
      ValidatorOutstandingRewards: ["cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsRequest", "cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsResponse"];
      /** Query a validator's commission that was not withdrawn yet */
      ValidatorCommission: ["cosmos.distribution.v1beta1.QueryValidatorCommissionRequest", "cosmos.distribution.v1beta1.QueryValidatorCommissionResponse"];
      /** Query a validator's slashes */
      ValidatorSlashes: ["cosmos.distribution.v1beta1.QueryValidatorSlashesRequest", "cosmos.distribution.v1beta1.QueryValidatorSlashesResponse"];
      /** Query what a delegator could withdraw from one validator */
      DelegationRewards: ["cosmos.distribution.v1beta1.QueryDelegationRewardsRequest", "cosmos.distribution.v1beta1.QueryDelegationRewardsResponse"];
      /** Query what a delegator could withdraw from all validators */
      DelegationTotalRewards: ["cosmos.distribution.v1beta1.QueryDelegationTotalRewardsRequest", "cosmos.distribution.v1beta1.QueryDelegationTotalRewardsResponse"];
      /** Query the validators that a delegator stakes with */
      DelegatorValidators: ["cosmos.distribution.v1beta1.QueryDelegatorValidatorsRequest", "cosmos.distribution.v1beta1.QueryDelegatorValidatorsResponse"];
      /** Query where a delegator's rewards are paid to */
      DelegatorWithdrawAddress: ["cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressRequest", "cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressResponse"];
      /** Query the coins that belong to everybody */
      CommunityPool: ["cosmos.distribution.v1beta1.QueryCommunityPoolRequest", "cosmos.distribution.v1beta1.QueryCommunityPoolResponse"];
    };
  };
  "cosmos.evidence.v1beta1": {
    /** Reporting faults. */
    Msg: {
      /** Report a fault; no kind of fault is taken from a transaction here, double signatures come from the engine */
      SubmitEvidence: ["cosmos.evidence.v1beta1.MsgSubmitEvidence", "cosmos.evidence.v1beta1.MsgSubmitEvidenceResponse"];
    };
    /** What is known of validators' faults. */
    Query: {
      /** Query one fault, by its hash */
      Evidence: ["cosmos.evidence.v1beta1.QueryEvidenceRequest", "cosmos.evidence.v1beta1.QueryEvidenceResponse"];
      /** Query all faults */
      AllEvidence: ["cosmos.evidence.v1beta1.QueryAllEvidenceRequest", "cosmos.evidence.v1beta1.QueryAllEvidenceResponse"];
    };
  };
  "cosmos.feegrant.v1beta1": {
    /** Paying the fees of others. */
    Msg: {
      /** Let another account pay fees with your coins */
      GrantAllowance: ["cosmos.feegrant.v1beta1.MsgGrantAllowance", "cosmos.feegrant.v1beta1.MsgGrantAllowanceResponse"];
      /** Take back an allowance */
      RevokeAllowance: ["cosmos.feegrant.v1beta1.MsgRevokeAllowance", "cosmos.feegrant.v1beta1.MsgRevokeAllowanceResponse"];
      /** Remove allowances that have ended from the state, 75 at most */
      PruneAllowances: ["cosmos.feegrant.v1beta1.MsgPruneAllowances", "cosmos.feegrant.v1beta1.MsgPruneAllowancesResponse"];
    };
    /** Allowances to pay fees with another account's coins. */
    Query: {
      /** Query the allowance of one account from another */
      Allowance: ["cosmos.feegrant.v1beta1.QueryAllowanceRequest", "cosmos.feegrant.v1beta1.QueryAllowanceResponse"];
      /** Query every allowance that an account has */
      Allowances: ["cosmos.feegrant.v1beta1.QueryAllowancesRequest", "cosmos.feegrant.v1beta1.QueryAllowancesResponse"];
      /** Query every allowance that an account gives */
      AllowancesByGranter: ["cosmos.feegrant.v1beta1.QueryAllowancesByGranterRequest", "cosmos.feegrant.v1beta1.QueryAllowancesByGranterResponse"];
    };
  };
  "cosmos.gov.v1": {
    /** Proposals, deposits on them, and votes. */
    Msg: {
      /** Submit a proposal */
      SubmitProposal: ["cosmos.gov.v1.MsgSubmitProposal", "cosmos.gov.v1.MsgSubmitProposalResponse"];
      /** Carry out an old kind of proposal, as governance */
      ExecLegacyContent: ["cosmos.gov.v1.MsgExecLegacyContent", "cosmos.gov.v1.MsgExecLegacyContentResponse"];
      /** Vote on a proposal */
      Vote: ["cosmos.gov.v1.MsgVote", "cosmos.gov.v1.MsgVoteResponse"];
      /** Vote on a proposal with several options */
      VoteWeighted: ["cosmos.gov.v1.MsgVoteWeighted", "cosmos.gov.v1.MsgVoteWeightedResponse"];
      /** Deposit on a proposal */
      Deposit: ["cosmos.gov.v1.MsgDeposit", "cosmos.gov.v1.MsgDepositResponse"];
      /** Change the module's parameters, as governance */
      UpdateParams: ["cosmos.gov.v1.MsgUpdateParams", "cosmos.gov.v1.MsgUpdateParamsResponse"];
      /** Cancel one's own proposal */
      CancelProposal: ["cosmos.gov.v1.MsgCancelProposal", "cosmos.gov.v1.MsgCancelProposalResponse"];
    };
    /** Proposals and what became of them. */
    Query: {
      /** Query what the chain is for */
      Constitution: ["cosmos.gov.v1.QueryConstitutionRequest", "cosmos.gov.v1.QueryConstitutionResponse"];
      /** Query one proposal */
      Proposal: ["cosmos.gov.v1.QueryProposalRequest", "cosmos.gov.v1.QueryProposalResponse"];
      /** Query proposals, all or some */
      Proposals: ["cosmos.gov.v1.QueryProposalsRequest", "cosmos.gov.v1.QueryProposalsResponse"];
      /** Query one vote; votes are kept until they are counted */
      Vote: ["cosmos.gov.v1.QueryVoteRequest", "cosmos.gov.v1.QueryVoteResponse"];
      /** Query the votes on a proposal */
      Votes: ["cosmos.gov.v1.QueryVotesRequest", "cosmos.gov.v1.QueryVotesResponse"];
      /** Query the module's parameters */
      Params: ["cosmos.gov.v1.QueryParamsRequest", "cosmos.gov.v1.QueryParamsResponse"];
      /** Query one deposit */
      Deposit: ["cosmos.gov.v1.QueryDepositRequest", "cosmos.gov.v1.QueryDepositResponse"];
      /** Query the deposits on a proposal */
      Deposits: ["cosmos.gov.v1.QueryDepositsRequest", "cosmos.gov.v1.QueryDepositsResponse"];
      /** Query how the votes on a proposal stand */
      TallyResult: ["cosmos.gov.v1.QueryTallyResultRequest", "cosmos.gov.v1.QueryTallyResultResponse"];
    };
  };
  "cosmos.gov.v1beta1": {
    /** The first form of proposals and votes, which wallets still send. */
    Msg: {
      /** Submit a proposal of one content */
      SubmitProposal: ["cosmos.gov.v1beta1.MsgSubmitProposal", "cosmos.gov.v1beta1.MsgSubmitProposalResponse"];
      /** Vote on a proposal */
      Vote: ["cosmos.gov.v1beta1.MsgVote", "cosmos.gov.v1beta1.MsgVoteResponse"];
      /** Vote on a proposal with several options */
      VoteWeighted: ["cosmos.gov.v1beta1.MsgVoteWeighted", "cosmos.gov.v1beta1.MsgVoteWeightedResponse"];
      /** Deposit on a proposal */
      Deposit: ["cosmos.gov.v1beta1.MsgDeposit", "cosmos.gov.v1beta1.MsgDepositResponse"];
    };
    /** Proposals as the first form of the interface shows them. */
    Query: {
      /** Query one proposal */
      Proposal: ["cosmos.gov.v1beta1.QueryProposalRequest", "cosmos.gov.v1beta1.QueryProposalResponse"];
      /** Query proposals, all or some */
      Proposals: ["cosmos.gov.v1beta1.QueryProposalsRequest", "cosmos.gov.v1beta1.QueryProposalsResponse"];
      /** Query one vote; votes are kept until they are counted */
      Vote: ["cosmos.gov.v1beta1.QueryVoteRequest", "cosmos.gov.v1beta1.QueryVoteResponse"];
      /** Query the votes on a proposal */
      Votes: ["cosmos.gov.v1beta1.QueryVotesRequest", "cosmos.gov.v1beta1.QueryVotesResponse"];
      /** Query the module's parameters */
      Params: ["cosmos.gov.v1beta1.QueryParamsRequest", "cosmos.gov.v1beta1.QueryParamsResponse"];
      /** Query one deposit */
      Deposit: ["cosmos.gov.v1beta1.QueryDepositRequest", "cosmos.gov.v1beta1.QueryDepositResponse"];
      /** Query the deposits on a proposal */
      Deposits: ["cosmos.gov.v1beta1.QueryDepositsRequest", "cosmos.gov.v1beta1.QueryDepositsResponse"];
      /** Query how the votes on a proposal stand */
      TallyResult: ["cosmos.gov.v1beta1.QueryTallyResultRequest", "cosmos.gov.v1beta1.QueryTallyResultResponse"];
    };
  };
  "cosmos.mint.v1beta1": {
    /** The rules of minting. */
    Msg: {
      /** Change the rules of minting, by governance */
      UpdateParams: ["cosmos.mint.v1beta1.MsgUpdateParams", "cosmos.mint.v1beta1.MsgUpdateParamsResponse"];
    };
    /** New coins. */
    Query: {
      /** Query the rules of minting */
      Params: ["cosmos.mint.v1beta1.QueryParamsRequest", "cosmos.mint.v1beta1.QueryParamsResponse"];
      /** Query the yearly inflation */
      Inflation: ["cosmos.mint.v1beta1.QueryInflationRequest", "cosmos.mint.v1beta1.QueryInflationResponse"];
      /** Query what a year of the present inflation mints */
      AnnualProvisions: ["cosmos.mint.v1beta1.QueryAnnualProvisionsRequest", "cosmos.mint.v1beta1.QueryAnnualProvisionsResponse"];
    };
  };
  "cosmos.params.v1beta1": {
    /** Single parameters of modules, as they were asked for before every module answered for its own. */
    Query: {
      /** Query one parameter of a module */
      Params: ["cosmos.params.v1beta1.QueryParamsRequest", "cosmos.params.v1beta1.QueryParamsResponse"];
      /** Query which modules have which parameters */
      Subspaces: ["cosmos.params.v1beta1.QuerySubspacesRequest", "cosmos.params.v1beta1.QuerySubspacesResponse"];
    };
  };
  "cosmos.slashing.v1beta1": {
    /** Coming back into the set, and what faults cost. */
    Msg: {
      /** Come back after having been put out of the set for missing blocks */
      Unjail: ["cosmos.slashing.v1beta1.MsgUnjail", "cosmos.slashing.v1beta1.MsgUnjailResponse"];
      /** Change the module's parameters, by governance */
      UpdateParams: ["cosmos.slashing.v1beta1.MsgUpdateParams", "cosmos.slashing.v1beta1.MsgUpdateParamsResponse"];
    };
    /** What is known of validators' reliability. */
    Query: {
      /** Query the module's parameters */
      Params: ["cosmos.slashing.v1beta1.QueryParamsRequest", "cosmos.slashing.v1beta1.QueryParamsResponse"];
      /** Query one validator's record, by its consensus address */
      SigningInfo: ["cosmos.slashing.v1beta1.QuerySigningInfoRequest", "cosmos.slashing.v1beta1.QuerySigningInfoResponse"];
      /** Query all validators' records */
      SigningInfos: ["cosmos.slashing.v1beta1.QuerySigningInfosRequest", "cosmos.slashing.v1beta1.QuerySigningInfosResponse"];
    };
  };
  "cosmos.staking.v1beta1": {
    /** Becoming a validator, and staking with one. */
    Msg: {
      /** Become a validator */
      CreateValidator: ["cosmos.staking.v1beta1.MsgCreateValidator", "cosmos.staking.v1beta1.MsgCreateValidatorResponse"];
      /** Change what a validator says about itself, or its commission */
      EditValidator: ["cosmos.staking.v1beta1.MsgEditValidator", "cosmos.staking.v1beta1.MsgEditValidatorResponse"];
      /** Stake coins with a validator */
      Delegate: ["cosmos.staking.v1beta1.MsgDelegate", "cosmos.staking.v1beta1.MsgDelegateResponse"];
      /** Withdraw stake from a validator; it is paid out after the unbonding time */
      Undelegate: ["cosmos.staking.v1beta1.MsgUndelegate", "cosmos.staking.v1beta1.MsgUndelegateResponse"];
      /** Move stake from one validator to another without a wait */
      BeginRedelegate: ["cosmos.staking.v1beta1.MsgBeginRedelegate", "cosmos.staking.v1beta1.MsgBeginRedelegateResponse"];
      /** Take back a withdrawal that has not been paid out */
      CancelUnbondingDelegation: ["cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", "cosmos.staking.v1beta1.MsgCancelUnbondingDelegationResponse"];
      /** Change the module's parameters, by governance */
      UpdateParams: ["cosmos.staking.v1beta1.MsgUpdateParams", "cosmos.staking.v1beta1.MsgUpdateParamsResponse"];
    };
    /** Validators and the stake behind them. */
    Query: {
      /** Query all validators, or those of one status */
      Validators: ["cosmos.staking.v1beta1.QueryValidatorsRequest", "cosmos.staking.v1beta1.QueryValidatorsResponse"];
      /** Query one validator */
      Validator: ["cosmos.staking.v1beta1.QueryValidatorRequest", "cosmos.staking.v1beta1.QueryValidatorResponse"];
      /** Query the delegations to one validator */
      ValidatorDelegations: ["cosmos.staking.v1beta1.QueryValidatorDelegationsRequest", "cosmos.staking.v1beta1.QueryValidatorDelegationsResponse"];
      /** Query the stake leaving one validator */
      ValidatorUnbondingDelegations: ["cosmos.staking.v1beta1.QueryValidatorUnbondingDelegationsRequest", "cosmos.staking.v1beta1.QueryValidatorUnbondingDelegationsResponse"];
      /** Query one delegator's stake with one validator */
      Delegation: ["cosmos.staking.v1beta1.QueryDelegationRequest", "cosmos.staking.v1beta1.QueryDelegationResponse"];
      /** Query one delegator's stake leaving one validator */
      UnbondingDelegation: ["cosmos.staking.v1beta1.QueryUnbondingDelegationRequest", "cosmos.staking.v1beta1.QueryUnbondingDelegationResponse"];
      /** Query one delegator's delegations */
      DelegatorDelegations: ["cosmos.staking.v1beta1.QueryDelegatorDelegationsRequest", "cosmos.staking.v1beta1.QueryDelegatorDelegationsResponse"];
      /** Query one delegator's stake that is leaving validators */
      DelegatorUnbondingDelegations: ["cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsRequest", "cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsResponse"];
      /** Moves of stake of a delegator, or from a validator */
      Redelegations: ["cosmos.staking.v1beta1.QueryRedelegationsRequest", "cosmos.staking.v1beta1.QueryRedelegationsResponse"];
      /** Query the validators one delegator stakes with */
      DelegatorValidators: ["cosmos.staking.v1beta1.QueryDelegatorValidatorsRequest", "cosmos.staking.v1beta1.QueryDelegatorValidatorsResponse"];
      /** Query one of the validators a delegator stakes with */
      DelegatorValidator: ["cosmos.staking.v1beta1.QueryDelegatorValidatorRequest", "cosmos.staking.v1beta1.QueryDelegatorValidatorResponse"];
      /** Query the header and validators of a past height */
      HistoricalInfo: ["cosmos.staking.v1beta1.QueryHistoricalInfoRequest", "cosmos.staking.v1beta1.QueryHistoricalInfoResponse"];
      /** Query how much is staked */
      Pool: ["cosmos.staking.v1beta1.QueryPoolRequest", "cosmos.staking.v1beta1.QueryPoolResponse"];
      /** Query the module's parameters */
      Params: ["cosmos.staking.v1beta1.QueryParamsRequest", "cosmos.staking.v1beta1.QueryParamsResponse"];
    };
  };
  "cosmos.tx.v1beta1": {
    /** Transactions: simulating, sending and finding them. */
    Service: {
      /** Run a transaction without keeping what it does, to learn its gas */
      Simulate: ["cosmos.tx.v1beta1.SimulateRequest", "cosmos.tx.v1beta1.SimulateResponse"];
      /** Query a transaction by its hash */
      GetTx: ["cosmos.tx.v1beta1.GetTxRequest", "cosmos.tx.v1beta1.GetTxResponse"];
      /** Send a signed transaction */
      BroadcastTx: ["cosmos.tx.v1beta1.BroadcastTxRequest", "cosmos.tx.v1beta1.BroadcastTxResponse"];
      /** Query transactions by their events */
      GetTxsEvent: ["cosmos.tx.v1beta1.GetTxsEventRequest", "cosmos.tx.v1beta1.GetTxsEventResponse"];
      /** Query a block with its transactions taken apart */
      GetBlockWithTxs: ["cosmos.tx.v1beta1.GetBlockWithTxsRequest", "cosmos.tx.v1beta1.GetBlockWithTxsResponse"];
      /** Take transaction bytes apart */
      TxDecode: ["cosmos.tx.v1beta1.TxDecodeRequest", "cosmos.tx.v1beta1.TxDecodeResponse"];
      /** Put transaction bytes together */
      TxEncode: ["cosmos.tx.v1beta1.TxEncodeRequest", "cosmos.tx.v1beta1.TxEncodeResponse"];
      /** Put the bytes of an old amino transaction together */
      TxEncodeAmino: ["cosmos.tx.v1beta1.TxEncodeAminoRequest", "cosmos.tx.v1beta1.TxEncodeAminoResponse"];
      /** Take the bytes of an old amino transaction apart */
      TxDecodeAmino: ["cosmos.tx.v1beta1.TxDecodeAminoRequest", "cosmos.tx.v1beta1.TxDecodeAminoResponse"];
    };
  };
  "cosmos.upgrade.v1beta1": {
    /** Upgrades of the program, which governance decides on. */
    Msg: {
      /** Plan an upgrade, as governance */
      SoftwareUpgrade: ["cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", "cosmos.upgrade.v1beta1.MsgSoftwareUpgradeResponse"];
      /** Give up the planned upgrade, as governance */
      CancelUpgrade: ["cosmos.upgrade.v1beta1.MsgCancelUpgrade", "cosmos.upgrade.v1beta1.MsgCancelUpgradeResponse"];
    };
    /** The upgrade that is planned, and those that were made. */
    Query: {
      /** Query the planned upgrade */
      CurrentPlan: ["cosmos.upgrade.v1beta1.QueryCurrentPlanRequest", "cosmos.upgrade.v1beta1.QueryCurrentPlanResponse"];
      /** Query the height at which an upgrade was made */
      AppliedPlan: ["cosmos.upgrade.v1beta1.QueryAppliedPlanRequest", "cosmos.upgrade.v1beta1.QueryAppliedPlanResponse"];
      /** Query what IBC clients should know after an upgrade; this chain keeps nothing of the kind */
      UpgradedConsensusState: ["cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateRequest", "cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateResponse"];
      /** Query the versions of the modules' states */
      ModuleVersions: ["cosmos.upgrade.v1beta1.QueryModuleVersionsRequest", "cosmos.upgrade.v1beta1.QueryModuleVersionsResponse"];
      /** Query who may plan upgrades */
      Authority: ["cosmos.upgrade.v1beta1.QueryAuthorityRequest", "cosmos.upgrade.v1beta1.QueryAuthorityResponse"];
    };
  };
  "cosmos.vesting.v1beta1": {
    /** Accounts whose coins come free over time. */
    Msg: {
      /** Make an account whose coins come free evenly until a time, or all at that time */
      CreateVestingAccount: ["cosmos.vesting.v1beta1.MsgCreateVestingAccount", "cosmos.vesting.v1beta1.MsgCreateVestingAccountResponse"];
      /** Make an account whose coins can only ever be delegated */
      CreatePermanentLockedAccount: ["cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount", "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccountResponse"];
      /** Make an account whose coins come free in steps */
      CreatePeriodicVestingAccount: ["cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount", "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccountResponse"];
    };
  };
  "tendermint.abci": {
    /** The application, as a consensus engine calls it. */
    ABCI: {
      /** Return what was sent */
      Echo: ["tendermint.abci.RequestEcho", "tendermint.abci.ResponseEcho"];
      /** Answer everything sent before */
      Flush: ["tendermint.abci.RequestFlush", "tendermint.abci.ResponseFlush"];
      /** Tell the height and hash the application has reached */
      Info: ["tendermint.abci.RequestInfo", "tendermint.abci.ResponseInfo"];
      /** Check a transaction for the mempool */
      CheckTx: ["tendermint.abci.RequestCheckTx", "tendermint.abci.ResponseCheckTx"];
      /** Read committed state */
      Query: ["tendermint.abci.RequestQuery", "tendermint.abci.ResponseQuery"];
      /** Keep what the last block changed */
      Commit: ["tendermint.abci.RequestCommit", "tendermint.abci.ResponseCommit"];
      /** Start from genesis */
      InitChain: ["tendermint.abci.RequestInitChain", "tendermint.abci.ResponseInitChain"];
      /** List the snapshots kept */
      ListSnapshots: ["tendermint.abci.RequestListSnapshots", "tendermint.abci.ResponseListSnapshots"];
      /** Offer a snapshot to start from */
      OfferSnapshot: ["tendermint.abci.RequestOfferSnapshot", "tendermint.abci.ResponseOfferSnapshot"];
      /** Read one chunk of a snapshot */
      LoadSnapshotChunk: ["tendermint.abci.RequestLoadSnapshotChunk", "tendermint.abci.ResponseLoadSnapshotChunk"];
      /** Apply one chunk of a snapshot */
      ApplySnapshotChunk: ["tendermint.abci.RequestApplySnapshotChunk", "tendermint.abci.ResponseApplySnapshotChunk"];
      /** Choose a block's transactions */
      PrepareProposal: ["tendermint.abci.RequestPrepareProposal", "tendermint.abci.ResponsePrepareProposal"];
      /** Judge a proposed block */
      ProcessProposal: ["tendermint.abci.RequestProcessProposal", "tendermint.abci.ResponseProcessProposal"];
      /** Add data to a precommit */
      ExtendVote: ["tendermint.abci.RequestExtendVote", "tendermint.abci.ResponseExtendVote"];
      /** Judge another validator's vote extension */
      VerifyVoteExtension: ["tendermint.abci.RequestVerifyVoteExtension", "tendermint.abci.ResponseVerifyVoteExtension"];
      /** Run a decided block */
      FinalizeBlock: ["tendermint.abci.RequestFinalizeBlock", "tendermint.abci.ResponseFinalizeBlock"];
    };
  };
  "tributary.attribution.v1": {
    /** Msg opens, settles and pays uses of models. */
    Msg: {
      /** OpenUse escrows the fee of one use of a model, or pays for one of a datanet. The fee can be bought with other tokens on the way. */
      OpenUse: ["tributary.attribution.v1.MsgOpenUse", "tributary.attribution.v1.MsgOpenUseResponse"];
      /** SettleUse hands in the output with the user's receipt and the proved spans, and divides the fee. */
      SettleUse: ["tributary.attribution.v1.MsgSettleUse", "tributary.attribution.v1.MsgSettleUseResponse"];
      /** CancelUse gives the fee back to the user: by the host at any time, by anyone once the use has expired. */
      CancelUse: ["tributary.attribution.v1.MsgCancelUse", "tributary.attribution.v1.MsgCancelUseResponse"];
      /** Claim pays what an account has earned to its payout address. Anyone may trigger it. */
      Claim: ["tributary.attribution.v1.MsgClaim", "tributary.attribution.v1.MsgClaimResponse"];
      /** AckUse hands in what user and host signed for, returns what the fee is too high, and leaves the charge to a batch. A second receipt of a use, or one of a cancelled use, punishes the host. */
      AckUse: ["tributary.attribution.v1.MsgAckUse", "tributary.attribution.v1.MsgAckUseResponse"];
      /** PostBatch settles acknowledged uses by commitments, under a bond. */
      PostBatch: ["tributary.attribution.v1.MsgPostBatch", "tributary.attribution.v1.MsgPostBatchResponse"];
      /** ChallengeShare shows that a share, or two that follow each other, cannot be. It decides at once. */
      ChallengeShare: ["tributary.attribution.v1.MsgChallengeShare", "tributary.attribution.v1.MsgChallengeShareResponse"];
      /** ChallengeOmission shows a match that owns a token paid to another or to nobody. It decides at once. */
      ChallengeOmission: ["tributary.attribution.v1.MsgChallengeOmission", "tributary.attribution.v1.MsgChallengeOmissionResponse"];
      /** ChallengeRank shows a passage or example that a list leaves out. It decides at once. */
      ChallengeRank: ["tributary.attribution.v1.MsgChallengeRank", "tributary.attribution.v1.MsgChallengeRankResponse"];
      /** ChallengePayout shows that the payouts do not sum up the shares. It decides at once. */
      ChallengePayout: ["tributary.attribution.v1.MsgChallengePayout", "tributary.attribution.v1.MsgChallengePayoutResponse"];
      /** Demand asks the host to open a part of a batch. Without an answer in time the batch is rejected. */
      Demand: ["tributary.attribution.v1.MsgDemand", "tributary.attribution.v1.MsgDemandResponse"];
      /** ChallengeCommonness lists places of a paid match. Unless the host shows one of them to be false in time, or contests some, the batch is rejected. */
      ChallengeCommonness: ["tributary.attribution.v1.MsgChallengeCommonness", "tributary.attribution.v1.MsgChallengeCommonnessResponse"];
      /** Respond answers a challenge. */
      Respond: ["tributary.attribution.v1.MsgRespond", "tributary.attribution.v1.MsgRespondResponse"];
      /** ContestOccurrences names listed places whose texts the host cannot get, once for a challenge. The challenger must show each of them in time. */
      ContestOccurrences: ["tributary.attribution.v1.MsgContestOccurrences", "tributary.attribution.v1.MsgContestOccurrencesResponse"];
      /** ShowOccurrences shows contested places to hold the match. With the last of them the batch is rejected. */
      ShowOccurrences: ["tributary.attribution.v1.MsgShowOccurrences", "tributary.attribution.v1.MsgShowOccurrencesResponse"];
      /** ClaimPayout credits a payee of a final batch, and pays it when that is worth while. Anyone may trigger it. */
      ClaimPayout: ["tributary.attribution.v1.MsgClaimPayout", "tributary.attribution.v1.MsgClaimPayoutResponse"];
      /** ClaimLineage credits records of a datanet version with what the version earned since, by their bytes and their scores. Anyone may trigger it. */
      ClaimLineage: ["tributary.attribution.v1.MsgClaimLineage", "tributary.attribution.v1.MsgClaimLineageResponse"];
      /** ChallengeSettlement shows a match that the spans of an inline settlement leave out, though it comes before every span it overlaps. The host is punished. */
      ChallengeSettlement: ["tributary.attribution.v1.MsgChallengeSettlement", "tributary.attribution.v1.MsgChallengeSettlementResponse"];
      /** DisputeLineage shows an output of a model that holds words of a record which the model's lineage leaves out. Unless its owner shows them in an earlier record of the lineage in time, it is punished, and uses of that version can no longer be opened. */
      DisputeLineage: ["tributary.attribution.v1.MsgDisputeLineage", "tributary.attribution.v1.MsgDisputeLineageResponse"];
      /** AnswerDispute shows the words of a dispute in an earlier record of the lineage. */
      AnswerDispute: ["tributary.attribution.v1.MsgAnswerDispute", "tributary.attribution.v1.MsgAnswerDisputeResponse"];
      /** RegisterTable stores a table of terms. */
      RegisterTable: ["tributary.attribution.v1.MsgRegisterTable", "tributary.attribution.v1.MsgRegisterTableResponse"];
      /** UpdateParams changes the module's parameters, as governance. */
      UpdateParams: ["tributary.attribution.v1.MsgUpdateParams", "tributary.attribution.v1.MsgUpdateParamsResponse"];
    };
    /** Query reads uses, payouts and earnings. */
    Query: {
      /** Params returns the module's parameters. */
      Params: ["tributary.attribution.v1.QueryParamsRequest", "tributary.attribution.v1.QueryParamsResponse"];
      /** Use returns one use. */
      Use: ["tributary.attribution.v1.QueryUseRequest", "tributary.attribution.v1.QueryUseResponse"];
      /** Uses lists all uses by number. */
      Uses: ["tributary.attribution.v1.QueryUsesRequest", "tributary.attribution.v1.QueryUsesResponse"];
      /** OpenUses lists a model's open uses by number: a host's work list. */
      OpenUses: ["tributary.attribution.v1.QueryOpenUsesRequest", "tributary.attribution.v1.QueryOpenUsesResponse"];
      /** QuoteUse says who would serve a use of a model that is opened now, and what it would cost. */
      QuoteUse: ["tributary.attribution.v1.QueryQuoteUseRequest", "tributary.attribution.v1.QueryQuoteUseResponse"];
      /** Payout returns how the fee of a settled use was divided. */
      Payout: ["tributary.attribution.v1.QueryPayoutRequest", "tributary.attribution.v1.QueryPayoutResponse"];
      /** Payouts lists all payouts by use. */
      Payouts: ["tributary.attribution.v1.QueryPayoutsRequest", "tributary.attribution.v1.QueryPayoutsResponse"];
      /** Earnings returns what an account has earned, by denomination. */
      Earnings: ["tributary.attribution.v1.QueryEarningsRequest", "tributary.attribution.v1.QueryEarningsResponse"];
      /** Batch returns one batch. */
      Batch: ["tributary.attribution.v1.QueryBatchRequest", "tributary.attribution.v1.QueryBatchResponse"];
      /** Batches lists all batches by number. */
      Batches: ["tributary.attribution.v1.QueryBatchesRequest", "tributary.attribution.v1.QueryBatchesResponse"];
      /** Challenge returns a challenge that waits for an answer. */
      Challenge: ["tributary.attribution.v1.QueryChallengeRequest", "tributary.attribution.v1.QueryChallengeResponse"];
      /** Challenges lists the challenges of a batch that wait for answers. */
      Challenges: ["tributary.attribution.v1.QueryChallengesRequest", "tributary.attribution.v1.QueryChallengesResponse"];
      /** PayeeClaimed says whether a payee of a batch was paid. */
      PayeeClaimed: ["tributary.attribution.v1.QueryPayeeClaimedRequest", "tributary.attribution.v1.QueryPayeeClaimedResponse"];
      /** Lineage returns what a datanet version earned and what a record of it can still be credited. */
      Lineage: ["tributary.attribution.v1.QueryLineageRequest", "tributary.attribution.v1.QueryLineageResponse"];
      /** LineagePools lists what the versions of a datanet that hold a record have earned, and what the record can still be credited of it. */
      LineagePools: ["tributary.attribution.v1.QueryLineagePoolsRequest", "tributary.attribution.v1.QueryLineagePoolsResponse"];
      /** Dispute returns a dispute about the lineage of a model's version. */
      Dispute: ["tributary.attribution.v1.QueryDisputeRequest", "tributary.attribution.v1.QueryDisputeResponse"];
      /** Disputes lists the disputes that are open or were proved. */
      Disputes: ["tributary.attribution.v1.QueryDisputesRequest", "tributary.attribution.v1.QueryDisputesResponse"];
      /** Table returns a table of terms. */
      Table: ["tributary.attribution.v1.QueryTableRequest", "tributary.attribution.v1.QueryTableResponse"];
      /** SplitPreview shows how a fee would be divided among the five parts now. */
      SplitPreview: ["tributary.attribution.v1.QuerySplitPreviewRequest", "tributary.attribution.v1.QuerySplitPreviewResponse"];
    };
  };
  "tributary.datanet.v1": {
    /** Msg changes datanets. */
    Msg: {
      /** CreateDatanet opens a datanet under a name not yet taken. */
      CreateDatanet: ["tributary.datanet.v1.MsgCreateDatanet", "tributary.datanet.v1.MsgCreateDatanetResponse"];
      /** Join makes the sender a member of an open datanet. */
      Join: ["tributary.datanet.v1.MsgJoin", "tributary.datanet.v1.MsgJoinResponse"];
      /** Admit makes another account a member of a curated datanet. */
      Admit: ["tributary.datanet.v1.MsgAdmit", "tributary.datanet.v1.MsgAdmitResponse"];
      /** Contribute submits records. All are accepted or none. */
      Contribute: ["tributary.datanet.v1.MsgContribute", "tributary.datanet.v1.MsgContributeResponse"];
      /** SetPayoutAddress says where the sender's earnings are paid. */
      SetPayoutAddress: ["tributary.datanet.v1.MsgSetPayoutAddress", "tributary.datanet.v1.MsgSetPayoutAddressResponse"];
      /** UpdateDatanet changes what the owner may change: never the licence, nor a record's terms. */
      UpdateDatanet: ["tributary.datanet.v1.MsgUpdateDatanet", "tributary.datanet.v1.MsgUpdateDatanetResponse"];
      /** Commit holds a place for records that are shown later, so that nobody who sees them first can be first. */
      Commit: ["tributary.datanet.v1.MsgCommit", "tributary.datanet.v1.MsgCommitResponse"];
      /** Reveal submits the records of a commitment. Records are judged as of the commitment's block. */
      Reveal: ["tributary.datanet.v1.MsgReveal", "tributary.datanet.v1.MsgRevealResponse"];
      /** Attest gives the sender's word about a record. */
      Attest: ["tributary.datanet.v1.MsgAttest", "tributary.datanet.v1.MsgAttestResponse"];
      /** Curate votes on a pending record, as owner or curator. */
      Curate: ["tributary.datanet.v1.MsgCurate", "tributary.datanet.v1.MsgCurateResponse"];
      /** ScoreRecord hands in what a validator of the datanet counted in a record. */
      ScoreRecord: ["tributary.datanet.v1.MsgScoreRecord", "tributary.datanet.v1.MsgScoreRecordResponse"];
      /** ChallengeDuplicate shows that a record is a near-copy of an earlier one. */
      ChallengeDuplicate: ["tributary.datanet.v1.MsgChallengeDuplicate", "tributary.datanet.v1.MsgChallengeDuplicateResponse"];
      /** ChallengeFingerprint shows that a record's fingerprint is not its text's. */
      ChallengeFingerprint: ["tributary.datanet.v1.MsgChallengeFingerprint", "tributary.datanet.v1.MsgChallengeFingerprintResponse"];
      /** Takedown asks for a record to be taken down, and suspends it until its contributor answers. */
      Takedown: ["tributary.datanet.v1.MsgTakedown", "tributary.datanet.v1.MsgTakedownResponse"];
      /** CounterNotice answers a takedown notice as the record's contributor. The record earns again. */
      CounterNotice: ["tributary.datanet.v1.MsgCounterNotice", "tributary.datanet.v1.MsgCounterNoticeResponse"];
      /** DecideTakedown votes on a notice that was answered, or had its time to be, as owner or curator. */
      DecideTakedown: ["tributary.datanet.v1.MsgDecideTakedown", "tributary.datanet.v1.MsgDecideTakedownResponse"];
      /** SealSegment commits to the texts of the next run of records, as owner or curator. */
      SealSegment: ["tributary.datanet.v1.MsgSealSegment", "tributary.datanet.v1.MsgSealSegmentResponse"];
      /** ChallengeSegment shows that a segment's root is not that of its records' texts. */
      ChallengeSegment: ["tributary.datanet.v1.MsgChallengeSegment", "tributary.datanet.v1.MsgChallengeSegmentResponse"];
      /** ChallengeIndex shows that a segment's index root is not that of its text's suffix array. */
      ChallengeIndex: ["tributary.datanet.v1.MsgChallengeIndex", "tributary.datanet.v1.MsgChallengeIndexResponse"];
      /** DemandOpening asks for a byte of a sealed segment, or of a pending record, to be shown. Unanswered in time, it is struck. */
      DemandOpening: ["tributary.datanet.v1.MsgDemandOpening", "tributary.datanet.v1.MsgDemandOpeningResponse"];
      /** AnswerDemand shows what a demand asks for. Anyone who has it may. */
      AnswerDemand: ["tributary.datanet.v1.MsgAnswerDemand", "tributary.datanet.v1.MsgAnswerDemandResponse"];
      /** PublishVersion publishes a choice of sealed records, as owner or curator. */
      PublishVersion: ["tributary.datanet.v1.MsgPublishVersion", "tributary.datanet.v1.MsgPublishVersionResponse"];
      /** SetEncryptionKey says under which key content keys are wrapped for the sender. */
      SetEncryptionKey: ["tributary.datanet.v1.MsgSetEncryptionKey", "tributary.datanet.v1.MsgSetEncryptionKeyResponse"];
      /** RotateKey begins a new content key, as owner. Grants of the earlier ones stay. */
      RotateKey: ["tributary.datanet.v1.MsgRotateKey", "tributary.datanet.v1.MsgRotateKeyResponse"];
      /** GrantAccess stores a wrapped content key for an account, as owner or curator. */
      GrantAccess: ["tributary.datanet.v1.MsgGrantAccess", "tributary.datanet.v1.MsgGrantAccessResponse"];
      /** RevokeAccess marks an account's grants as revoked. It cannot make the account forget a key. */
      RevokeAccess: ["tributary.datanet.v1.MsgRevokeAccess", "tributary.datanet.v1.MsgRevokeAccessResponse"];
      /** BuyDataTokens buys licensed accesses at the datanet's price. */
      BuyDataTokens: ["tributary.datanet.v1.MsgBuyDataTokens", "tributary.datanet.v1.MsgBuyDataTokensResponse"];
      /** SpendDataTokens spends licensed accesses. */
      SpendDataTokens: ["tributary.datanet.v1.MsgSpendDataTokens", "tributary.datanet.v1.MsgSpendDataTokensResponse"];
      /** FundSponsorship pays into the fund from which a datanet pays for newcomers. */
      FundSponsorship: ["tributary.datanet.v1.MsgFundSponsorship", "tributary.datanet.v1.MsgFundSponsorshipResponse"];
      /** WithdrawSponsorship takes coins of the fund to the treasury, as owner. */
      WithdrawSponsorship: ["tributary.datanet.v1.MsgWithdrawSponsorship", "tributary.datanet.v1.MsgWithdrawSponsorshipResponse"];
      /** Invite has the datanet pay fees and bonds of a newcomer, as owner or curator. */
      Invite: ["tributary.datanet.v1.MsgInvite", "tributary.datanet.v1.MsgInviteResponse"];
      /** UpdateParams changes the module's parameters, as governance. */
      UpdateParams: ["tributary.datanet.v1.MsgUpdateParams", "tributary.datanet.v1.MsgUpdateParamsResponse"];
    };
    /** Query reads datanets. */
    Query: {
      /** Datanet returns one datanet by its number. */
      Datanet: ["tributary.datanet.v1.QueryDatanetRequest", "tributary.datanet.v1.QueryDatanetResponse"];
      /** DatanetByName returns one datanet by its name. */
      DatanetByName: ["tributary.datanet.v1.QueryDatanetByNameRequest", "tributary.datanet.v1.QueryDatanetByNameResponse"];
      /** Datanets lists all datanets by number. */
      Datanets: ["tributary.datanet.v1.QueryDatanetsRequest", "tributary.datanet.v1.QueryDatanetsResponse"];
      /** Record returns one record. */
      Record: ["tributary.datanet.v1.QueryRecordRequest", "tributary.datanet.v1.QueryRecordResponse"];
      /** Records lists a datanet's records by number. */
      Records: ["tributary.datanet.v1.QueryRecordsRequest", "tributary.datanet.v1.QueryRecordsResponse"];
      /** RecordByHash returns the record of a text in a datanet. */
      RecordByHash: ["tributary.datanet.v1.QueryRecordByHashRequest", "tributary.datanet.v1.QueryRecordByHashResponse"];
      /** Member returns an account's part in a datanet, with its totals. */
      Member: ["tributary.datanet.v1.QueryMemberRequest", "tributary.datanet.v1.QueryMemberResponse"];
      /** Members lists a datanet's members with their totals. */
      Members: ["tributary.datanet.v1.QueryMembersRequest", "tributary.datanet.v1.QueryMembersResponse"];
      /** PayoutAddress says where an account's earnings are paid. */
      PayoutAddress: ["tributary.datanet.v1.QueryPayoutAddressRequest", "tributary.datanet.v1.QueryPayoutAddressResponse"];
      /** Params returns the parameters. */
      Params: ["tributary.datanet.v1.QueryParamsRequest", "tributary.datanet.v1.QueryParamsResponse"];
      /** InclusionProof proves that a record was accepted, under the root of its datanet's accumulator. */
      InclusionProof: ["tributary.datanet.v1.QueryInclusionProofRequest", "tributary.datanet.v1.QueryInclusionProofResponse"];
      /** Accumulator returns the accumulator of a datanet's records with its root. */
      Accumulator: ["tributary.datanet.v1.QueryAccumulatorRequest", "tributary.datanet.v1.QueryAccumulatorResponse"];
      /** Fingerprint returns what a record declared of its text. */
      Fingerprint: ["tributary.datanet.v1.QueryFingerprintRequest", "tributary.datanet.v1.QueryFingerprintResponse"];
      /** Novelty says how much of a fingerprint would be new to a datanet. */
      Novelty: ["tributary.datanet.v1.QueryNoveltyRequest", "tributary.datanet.v1.QueryNoveltyResponse"];
      /** Scorecard says how good a record is. */
      Scorecard: ["tributary.datanet.v1.QueryScorecardRequest", "tributary.datanet.v1.QueryScorecardResponse"];
      /** Scores lists what validators counted in a record. */
      Scores: ["tributary.datanet.v1.QueryScoresRequest", "tributary.datanet.v1.QueryScoresResponse"];
      /** Attestations lists the attestations of a record. */
      Attestations: ["tributary.datanet.v1.QueryAttestationsRequest", "tributary.datanet.v1.QueryAttestationsResponse"];
      /** CurationVotes lists the votes on a record. */
      CurationVotes: ["tributary.datanet.v1.QueryCurationVotesRequest", "tributary.datanet.v1.QueryCurationVotesResponse"];
      /** Commitment returns an open commitment. */
      Commitment: ["tributary.datanet.v1.QueryCommitmentRequest", "tributary.datanet.v1.QueryCommitmentResponse"];
      /** Commitments lists open commitments. */
      Commitments: ["tributary.datanet.v1.QueryCommitmentsRequest", "tributary.datanet.v1.QueryCommitmentsResponse"];
      /** Notice returns a takedown notice. */
      Notice: ["tributary.datanet.v1.QueryNoticeRequest", "tributary.datanet.v1.QueryNoticeResponse"];
      /** Notices lists the takedown notices of a datanet. */
      Notices: ["tributary.datanet.v1.QueryNoticesRequest", "tributary.datanet.v1.QueryNoticesResponse"];
      /** Segment returns a segment. */
      Segment: ["tributary.datanet.v1.QuerySegmentRequest", "tributary.datanet.v1.QuerySegmentResponse"];
      /** Segments lists the segments of a datanet. */
      Segments: ["tributary.datanet.v1.QuerySegmentsRequest", "tributary.datanet.v1.QuerySegmentsResponse"];
      /** Demand returns a demand that waits for an answer. */
      Demand: ["tributary.datanet.v1.QueryDemandRequest", "tributary.datanet.v1.QueryDemandResponse"];
      /** Demands lists the demands about a segment that wait for answers; of datanet 0 and segment 0, all that wait. */
      Demands: ["tributary.datanet.v1.QueryDemandsRequest", "tributary.datanet.v1.QueryDemandsResponse"];
      /** Placement says where a record stands in a segment. */
      Placement: ["tributary.datanet.v1.QueryPlacementRequest", "tributary.datanet.v1.QueryPlacementResponse"];
      /** Version returns a version's manifest. */
      Version: ["tributary.datanet.v1.QueryVersionRequest", "tributary.datanet.v1.QueryVersionResponse"];
      /** Versions lists the versions of a datanet. */
      Versions: ["tributary.datanet.v1.QueryVersionsRequest", "tributary.datanet.v1.QueryVersionsResponse"];
      /** InVersion says whether a version holds a record. */
      InVersion: ["tributary.datanet.v1.QueryInVersionRequest", "tributary.datanet.v1.QueryInVersionResponse"];
      /** EncryptionKey returns the key under which content keys are wrapped for an account. */
      EncryptionKey: ["tributary.datanet.v1.QueryEncryptionKeyRequest", "tributary.datanet.v1.QueryEncryptionKeyResponse"];
      /** AccessGrants lists the access grants of a datanet. */
      AccessGrants: ["tributary.datanet.v1.QueryAccessGrantsRequest", "tributary.datanet.v1.QueryAccessGrantsResponse"];
      /** AccessGrantsOf lists the wrapped keys of one account in a datanet. */
      AccessGrantsOf: ["tributary.datanet.v1.QueryAccessGrantsOfRequest", "tributary.datanet.v1.QueryAccessGrantsOfResponse"];
      /** TokenSupply counts a datanet's tokens. */
      TokenSupply: ["tributary.datanet.v1.QueryTokenSupplyRequest", "tributary.datanet.v1.QueryTokenSupplyResponse"];
      /** Access counts what an account has accessed. */
      Access: ["tributary.datanet.v1.QueryAccessRequest", "tributary.datanet.v1.QueryAccessResponse"];
      /** Accesses lists who has accessed a datanet. */
      Accesses: ["tributary.datanet.v1.QueryAccessesRequest", "tributary.datanet.v1.QueryAccessesResponse"];
      /** Sponsorship returns a datanet's fund for newcomers. */
      Sponsorship: ["tributary.datanet.v1.QuerySponsorshipRequest", "tributary.datanet.v1.QuerySponsorshipResponse"];
      /** Newcomers lists the accounts a datanet pays for. */
      Newcomers: ["tributary.datanet.v1.QueryNewcomersRequest", "tributary.datanet.v1.QueryNewcomersResponse"];
    };
  };
  "tributary.model.v1": {
    /** Msg registers models, serves them, and puts money on them. */
    Msg: {
      /** RegisterModel registers weights with their lineage. */
      RegisterModel: ["tributary.model.v1.MsgRegisterModel", "tributary.model.v1.MsgRegisterModelResponse"];
      /** AddVersion registers new weights of a model; earlier versions stay as they are. */
      AddVersion: ["tributary.model.v1.MsgAddVersion", "tributary.model.v1.MsgAddVersionResponse"];
      /** UpdateHosting changes who serves a model and at what price; uses already open keep theirs. */
      UpdateHosting: ["tributary.model.v1.MsgUpdateHosting", "tributary.model.v1.MsgUpdateHostingResponse"];
      /** UpdateTerms changes what derived models and backers are promised. */
      UpdateTerms: ["tributary.model.v1.MsgUpdateTerms", "tributary.model.v1.MsgUpdateTermsResponse"];
      /** Retire ends a model: nothing new begins on it. */
      Retire: ["tributary.model.v1.MsgRetire", "tributary.model.v1.MsgRetireResponse"];
      /** OfferSlots offers a base model on a host, or changes the offer. */
      OfferSlots: ["tributary.model.v1.MsgOfferSlots", "tributary.model.v1.MsgOfferSlotsResponse"];
      /** WithdrawOffer ends an offer whose slots are empty. */
      WithdrawOffer: ["tributary.model.v1.MsgWithdrawOffer", "tributary.model.v1.MsgWithdrawOfferResponse"];
      /** MountAdapter puts an adapter into a slot of its base model. */
      MountAdapter: ["tributary.model.v1.MsgMountAdapter", "tributary.model.v1.MsgMountAdapterResponse"];
      /** UnmountAdapter frees the slot. */
      UnmountAdapter: ["tributary.model.v1.MsgUnmountAdapter", "tributary.model.v1.MsgUnmountAdapterResponse"];
      /** BondOperator adds to the sender's bond. */
      BondOperator: ["tributary.model.v1.MsgBondOperator", "tributary.model.v1.MsgBondOperatorResponse"];
      /** UnbondOperator asks a part of the bond back; it is paid after the unbonding time. */
      UnbondOperator: ["tributary.model.v1.MsgUnbondOperator", "tributary.model.v1.MsgUnbondOperatorResponse"];
      /** Back puts money on a model; it earns from the next epoch. */
      Back: ["tributary.model.v1.MsgBack", "tributary.model.v1.MsgBackResponse"];
      /** Unback asks shares of a backing back; they are paid after the unbonding time. */
      Unback: ["tributary.model.v1.MsgUnback", "tributary.model.v1.MsgUnbackResponse"];
      /** ClaimBacking pays what a backer has earned. */
      ClaimBacking: ["tributary.model.v1.MsgClaimBacking", "tributary.model.v1.MsgClaimBackingResponse"];
      /** OpenCurve begins to sell shares of a model. */
      OpenCurve: ["tributary.model.v1.MsgOpenCurve", "tributary.model.v1.MsgOpenCurveResponse"];
      /** BuyShares buys shares of a model on its curve. */
      BuyShares: ["tributary.model.v1.MsgBuyShares", "tributary.model.v1.MsgBuySharesResponse"];
      /** SellShares sells shares of a model back to its curve. */
      SellShares: ["tributary.model.v1.MsgSellShares", "tributary.model.v1.MsgSellSharesResponse"];
      /** UnlockShares hands the model's owner the shares it bought, once their time is over. */
      UnlockShares: ["tributary.model.v1.MsgUnlockShares", "tributary.model.v1.MsgUnlockSharesResponse"];
      /** ProposeMilestone asks for a part of the model's escrow. */
      ProposeMilestone: ["tributary.model.v1.MsgProposeMilestone", "tributary.model.v1.MsgProposeMilestoneResponse"];
      /** VetoMilestone puts the sender's active shares against a milestone. */
      VetoMilestone: ["tributary.model.v1.MsgVetoMilestone", "tributary.model.v1.MsgVetoMilestoneResponse"];
      /** Slash punishes an operator, as governance. */
      Slash: ["tributary.model.v1.MsgSlash", "tributary.model.v1.MsgSlashResponse"];
      /** UpdateParams changes the module's parameters, as governance. */
      UpdateParams: ["tributary.model.v1.MsgUpdateParams", "tributary.model.v1.MsgUpdateParamsResponse"];
    };
    /** Query reads models. */
    Query: {
      /** Params returns the module's parameters. */
      Params: ["tributary.model.v1.QueryParamsRequest", "tributary.model.v1.QueryParamsResponse"];
      /** Model returns one model by its number. */
      Model: ["tributary.model.v1.QueryModelRequest", "tributary.model.v1.QueryModelResponse"];
      /** Models lists all models by number. */
      Models: ["tributary.model.v1.QueryModelsRequest", "tributary.model.v1.QueryModelsResponse"];
      /** ModelByWeights returns the models registered with a weights hash. */
      ModelByWeights: ["tributary.model.v1.QueryModelByWeightsRequest", "tributary.model.v1.QueryModelByWeightsResponse"];
      /** Versions lists the versions of a model. */
      Versions: ["tributary.model.v1.QueryVersionsRequest", "tributary.model.v1.QueryVersionsResponse"];
      /** Lineage returns who is owed what of a version's revenue. */
      Lineage: ["tributary.model.v1.QueryLineageRequest", "tributary.model.v1.QueryLineageResponse"];
      /** Ranking lists models by what was put on them, the highest first. */
      Ranking: ["tributary.model.v1.QueryRankingRequest", "tributary.model.v1.QueryRankingResponse"];
      /** Hosts lists who serves a model and for how much, by their bonds, the highest first. */
      Hosts: ["tributary.model.v1.QueryHostsRequest", "tributary.model.v1.QueryHostsResponse"];
      /** Operator returns an account's bond and its past. */
      Operator: ["tributary.model.v1.QueryOperatorRequest", "tributary.model.v1.QueryOperatorResponse"];
      /** Backing returns what was put on a model and what it has earned. */
      Backing: ["tributary.model.v1.QueryBackingRequest", "tributary.model.v1.QueryBackingResponse"];
      /** Backers lists the positions of a model's backers. */
      Backers: ["tributary.model.v1.QueryBackersRequest", "tributary.model.v1.QueryBackersResponse"];
      /** Curve returns a model's curve. */
      Curve: ["tributary.model.v1.QueryCurveRequest", "tributary.model.v1.QueryCurveResponse"];
      /** QuoteBuy says what shares would cost on the curve now. */
      QuoteBuy: ["tributary.model.v1.QueryQuoteBuyRequest", "tributary.model.v1.QueryQuoteBuyResponse"];
      /** QuoteSell says what shares would be paid on the curve now. */
      QuoteSell: ["tributary.model.v1.QueryQuoteSellRequest", "tributary.model.v1.QueryQuoteSellResponse"];
      /** Milestones lists the milestones of a model. */
      Milestones: ["tributary.model.v1.QueryMilestonesRequest", "tributary.model.v1.QueryMilestonesResponse"];
      /** Position returns what one backer has on a model and can claim. */
      Position: ["tributary.model.v1.QueryPositionRequest", "tributary.model.v1.QueryPositionResponse"];
    };
  };
  "tributary.tokenpool.v1": {
    /** Msg changes pools. */
    Msg: {
      /** CreatePool opens a pool for a pair of denominations that has none of its kind yet: one takes swaps, one takes orders. */
      CreatePool: ["tributary.tokenpool.v1.MsgCreatePool", "tributary.tokenpool.v1.MsgCreatePoolResponse"];
      /** AddLiquidity pays both denominations in at the pool's ratio and receives shares. */
      AddLiquidity: ["tributary.tokenpool.v1.MsgAddLiquidity", "tributary.tokenpool.v1.MsgAddLiquidityResponse"];
      /** RemoveLiquidity gives shares back and receives both denominations. */
      RemoveLiquidity: ["tributary.tokenpool.v1.MsgRemoveLiquidity", "tributary.tokenpool.v1.MsgRemoveLiquidityResponse"];
      /** SwapExactIn sells an exact amount for at least a stated amount. */
      SwapExactIn: ["tributary.tokenpool.v1.MsgSwapExactIn", "tributary.tokenpool.v1.MsgSwapExactInResponse"];
      /** SwapExactOut buys an exact amount for at most a stated amount. */
      SwapExactOut: ["tributary.tokenpool.v1.MsgSwapExactOut", "tributary.tokenpool.v1.MsgSwapExactOutResponse"];
      /** SwapRouteExactIn sells an exact amount through several pools, all of them or none. */
      SwapRouteExactIn: ["tributary.tokenpool.v1.MsgSwapRouteExactIn", "tributary.tokenpool.v1.MsgSwapRouteExactInResponse"];
      /** SwapRouteExactOut buys an exact amount through several pools, all of them or none. */
      SwapRouteExactOut: ["tributary.tokenpool.v1.MsgSwapRouteExactOut", "tributary.tokenpool.v1.MsgSwapRouteExactOutResponse"];
      /** PlaceOrder sells into a batched pool at the price of the block, with all other orders of the block. */
      PlaceOrder: ["tributary.tokenpool.v1.MsgPlaceOrder", "tributary.tokenpool.v1.MsgPlaceOrderResponse"];
      /** CreateToken makes a denomination that is backed in full at a rate in the anchor's denomination. */
      CreateToken: ["tributary.tokenpool.v1.MsgCreateToken", "tributary.tokenpool.v1.MsgCreateTokenResponse"];
      /** MintAnchored makes units of a creator token for what they cost at its rate, rounded up. */
      MintAnchored: ["tributary.tokenpool.v1.MsgMintAnchored", "tributary.tokenpool.v1.MsgMintAnchoredResponse"];
      /** Redeem gives units of a creator token back for what they are worth at its rate, rounded down. */
      Redeem: ["tributary.tokenpool.v1.MsgRedeem", "tributary.tokenpool.v1.MsgRedeemResponse"];
      /** RaiseRate raises the rate of a creator token; the creator pays what the units that are out are worth more. */
      RaiseRate: ["tributary.tokenpool.v1.MsgRaiseRate", "tributary.tokenpool.v1.MsgRaiseRateResponse"];
      /** UpdateParams changes the module's parameters, as governance. */
      UpdateParams: ["tributary.tokenpool.v1.MsgUpdateParams", "tributary.tokenpool.v1.MsgUpdateParamsResponse"];
    };
    /** Query reads pools. */
    Query: {
      /** Params returns the module's parameters. */
      Params: ["tributary.tokenpool.v1.QueryParamsRequest", "tributary.tokenpool.v1.QueryParamsResponse"];
      /** Pool returns one pool. */
      Pool: ["tributary.tokenpool.v1.QueryPoolRequest", "tributary.tokenpool.v1.QueryPoolResponse"];
      /** Pools lists all pools by number. */
      Pools: ["tributary.tokenpool.v1.QueryPoolsRequest", "tributary.tokenpool.v1.QueryPoolsResponse"];
      /** QuoteExactIn says what a SwapExactIn would give now. */
      QuoteExactIn: ["tributary.tokenpool.v1.QueryQuoteExactInRequest", "tributary.tokenpool.v1.QueryQuoteExactInResponse"];
      /** QuoteExactOut says what a SwapExactOut would take now. */
      QuoteExactOut: ["tributary.tokenpool.v1.QueryQuoteExactOutRequest", "tributary.tokenpool.v1.QueryQuoteExactOutResponse"];
      /** Route returns the way from one denomination to another that gives the most, or takes the least, of those it looks at. */
      Route: ["tributary.tokenpool.v1.QueryRouteRequest", "tributary.tokenpool.v1.QueryRouteResponse"];
      /** Twap returns a pool's average prices over a time that ends with the last block. */
      Twap: ["tributary.tokenpool.v1.QueryTwapRequest", "tributary.tokenpool.v1.QueryTwapResponse"];
      /** Token returns one creator token and how it is covered. */
      Token: ["tributary.tokenpool.v1.QueryTokenRequest", "tributary.tokenpool.v1.QueryTokenResponse"];
      /** Tokens lists all creator tokens by denomination. */
      Tokens: ["tributary.tokenpool.v1.QueryTokensRequest", "tributary.tokenpool.v1.QueryTokensResponse"];
      /** Position returns an account's shares of a pool and what they would give if removed now. */
      Position: ["tributary.tokenpool.v1.QueryPositionRequest", "tributary.tokenpool.v1.QueryPositionResponse"];
    };
  };
}
