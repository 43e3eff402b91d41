/** Owns the definition of the model module: what its messages and queries are read as. State is keeper.ts's. */
import { defineModule } from "../../chain/module/define.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { accountField, coinField } from "../../chain/module/message-fields.ts";
import { coinToMessage } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { ModelKeeper, type ModelUses } from "./keeper.ts";
import { state } from "./state.ts";

export const model = defineModule({
  name: "model",
  proto: "tributary.model.v1",
  version: 1,
  state,
  errors,
  keeper: (uses: ModelUses) => new ModelKeeper(uses),
  msgs: {
    RegisterModel: (keeper, ctx, message) => {
      const owner = accountField(ctx, "owner", message.owner);
      const host = message.host === "" ? message.owner : message.host;
      accountField(ctx, "host", host);
      const price = coinToMessage(coinField("price", message.price));
      return { modelId: keeper.register(ctx, owner, { ...message, host, price }) };
    },
    UpdateHosting: (keeper, ctx, { owner, modelId, host, price }) => {
      accountField(ctx, "owner", owner);
      accountField(ctx, "host", host);
      keeper.updateHosting(ctx, owner, modelId, { host, price: coinToMessage(coinField("price", price)) });
      return {};
    },
  },
  queries: {
    Model: (keeper, ctx, { modelId }) => ({ model: found(() => keeper.model(ctx, modelId)) }),
    Models: (keeper, ctx, { pagination }) => {
      const { rows, page } = keeper.models(ctx, pagination);
      return { models: rows.map(([, row]) => row), pagination: page };
    },
    ModelByWeights: (keeper, ctx, { weightsHash }) => ({ model: found(() => keeper.modelByWeights(ctx, weightsHash)) }),
  },
  genesis: {
    default: () => ({ models: [] }),
    validate,
    init: (keeper, ctx, { models }) => {
      validate({ models });
      for (const row of models) keeper.setModel(ctx, row);
    },
    export: (keeper, ctx) => ({ models: keeper.allModels(ctx) }),
  },
  cli: {
    RegisterModel: { args: ["name", "weightsHash", "price"] },
    UpdateHosting: { args: ["modelId", "host", "price"] },
    Model: { args: ["modelId"] },
    ModelByWeights: { args: ["weightsHash"] },
  },
});

/** Throws with a sentence when numbers have gaps. */
function validate({ models }: Messages["tributary.model.v1.GenesisState"]): void {
  models.forEach(({ id }, i) => {
    if (id !== BigInt(i + 1)) throw new Error(`model: model ${id} stands where ${i + 1} should`);
  });
}

/** A query's answer, or NotFound for a model there is not. */
function found<Answer>(read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (errors.modelNotFound.is(error)) throw new GrpcError("NotFound", (error as Error).message);
    throw error;
  }
}
