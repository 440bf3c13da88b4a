/** What the common header carries (OpenFlow 1.3.5 section 7.1). */

/** The wire number of OpenFlow 1.3, the one version spoken here. */
export const OFP_VERSION = 0x04;
export const OFP_HEADER_LEN = 8;
/** The header's length field is 16 bits wide. */
export const OFP_MAX_MESSAGE_LEN = 0xffff;

/** Message types. */
export const OFPT = {
  HELLO: 0,
  ERROR: 1,
  ECHO_REQUEST: 2,
  ECHO_REPLY: 3,
  EXPERIMENTER: 4,
  FEATURES_REQUEST: 5,
  FEATURES_REPLY: 6,
  GET_CONFIG_REQUEST: 7,
  GET_CONFIG_REPLY: 8,
  SET_CONFIG: 9,
  PACKET_IN: 10,
  FLOW_REMOVED: 11,
  PORT_STATUS: 12,
  PACKET_OUT: 13,
  FLOW_MOD: 14,
  GROUP_MOD: 15,
  PORT_MOD: 16,
  TABLE_MOD: 17,
  MULTIPART_REQUEST: 18,
  MULTIPART_REPLY: 19,
  BARRIER_REQUEST: 20,
  BARRIER_REPLY: 21,
  QUEUE_GET_CONFIG_REQUEST: 22,
  QUEUE_GET_CONFIG_REPLY: 23,
  ROLE_REQUEST: 24,
  ROLE_REPLY: 25,
  GET_ASYNC_REQUEST: 26,
  GET_ASYNC_REPLY: 27,
  SET_ASYNC: 28,
  METER_MOD: 29,
} as const;

/** Elements of HELLO (section 7.5.1). */
export const OFPHET = { VERSIONBITMAP: 1 } as const;

/** Organisations that define experimenter messages, actions and fields. */
export const EXPERIMENTER_ID = {
  /** Open Networking Foundation: bundles and flow monitor on 1.3. */
  ONF: 0x4f4e4600,
  /** Nicira, whose extensions Open vSwitch carries on. */
  NICIRA: 0x00002320,
} as const;
