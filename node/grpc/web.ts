/**
 * Owns gRPC-Web, which browsers speak over plain HTTP on the REST port: one call in a body, the answer's message and its status in
 * frames of the answer's body (grpc/doc/PROTOCOL-WEB.md). Does not own sockets (node/rest).
 */
import { type GrpcStatus, grpcCodes } from "../rpc/grpc-services/status.ts";
import { answerCall, type CallAnswer, type CallNeeds } from "./call.ts";
import { escapedMessage, FrameReader, FramingError, frame } from "./framing.ts";
import { maximumRequestBytes } from "./limits.ts";

/** The flag of the frame that holds the trailers. */
const TRAILERS = 0x80;

/** A request of gRPC-Web, its body read. */
export interface WebCall {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly height: string | undefined;
}

/** An answer: always HTTP 200, the status is in the body. */
export interface WebAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Whether a request is gRPC-Web by its content type. */
export function isWebCall(contentType: string | undefined): contentType is string {
  return /^application\/grpc-web(?:-text)?(?:[+;]|$)/.test(contentType ?? "");
}

/** Answers a call. Never rejects. */
export async function answerWebCall(
  needs: CallNeeds,
  { path, contentType, body, height }: WebCall,
): Promise<WebAnswer> {
  const isText = contentType.startsWith("application/grpc-web-text");
  const answer = await answered(needs, path, isText ? Buffer.from(body.toString("latin1"), "base64") : body, height);
  const status: GrpcStatus = answer.ok ? { code: 0, message: "" } : answer.status;
  const message = status.message === "" ? "" : `grpc-message: ${escapedMessage(status.message)}\r\n`;
  const trailers = frame(Buffer.from(`grpc-status: ${status.code}\r\n${message}`, "latin1"), TRAILERS);
  const whole = answer.ok ? Buffer.concat([frame(answer.message), trailers]) : trailers;
  return {
    headers: {
      "Content-Type": isText ? "application/grpc-web-text+proto" : "application/grpc-web+proto",
      ...(answer.ok ? { "x-cosmos-block-height": answer.height.toString() } : {}),
    },
    body: isText ? Buffer.from(whole.toString("base64"), "latin1") : whole,
  };
}

async function answered(needs: CallNeeds, path: string, body: Buffer, height: string | undefined): Promise<CallAnswer> {
  try {
    const reader = new FrameReader(maximumRequestBytes);
    const messages = reader.take(body);
    const [message] = messages;
    if (message !== undefined && messages.length === 1 && !reader.isCut)
      return await answerCall(needs, { path, message, height });
    const text = "grpc: the method takes one whole message";
    return { ok: false, status: { code: grpcCodes.Internal, message: text } };
  } catch (error) {
    if (error instanceof FramingError) return { ok: false, status: error.status };
    throw error;
  }
}
