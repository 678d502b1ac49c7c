/** Bounds of every gRPC connection, the same on both sides. */
export interface GrpcLimits {
  /** Largest message received or sent, bytes. A larger one ends the stream with RESOURCE_EXHAUSTED. */
  messageBytesMax: number;
  /** Streams that one connection may have open. */
  streamsMax: number;
  /** After this much silence the other side is asked whether it is still there, ms. */
  keepaliveMs: number;
  /** How long its answer may take before the connection is given up, ms. */
  keepaliveTimeoutMs: number;
}

/** With 2 s and 1 s a peer that hangs without closing is noticed within about 3 s. */
export const GRPC_LIMITS_DEFAULT: GrpcLimits = {
  messageBytesMax: 8 * 1_024 * 1_024,
  streamsMax: 256,
  keepaliveMs: 2_000,
  keepaliveTimeoutMs: 1_000,
};

/**
 * The limits as channel options. grpc-js servers never answer frequent pings with `too_many_pings`; a server in another
 * language behind the same contract must allow pings every `keepaliveMs` without data.
 */
export function channelOptions(limits: GrpcLimits) {
  return {
    'grpc.max_receive_message_length': limits.messageBytesMax,
    'grpc.max_send_message_length': limits.messageBytesMax,
    'grpc.max_concurrent_streams': limits.streamsMax,
    'grpc.keepalive_time_ms': limits.keepaliveMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.keepalive_permit_without_calls': 1,
  };
}
