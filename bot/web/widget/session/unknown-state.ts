import type { ServiceState } from '../protocol'

/** Before the service has told anything. */
export const UNKNOWN_STATE: ServiceState = {
  owner: 'bot',
  agent_name: null,
  agent_no: null,
  position: null,
  minutes: null,
  overtaken: false,
  hours: '',
  open: true,
  opens_at: null,
  staff_seen: 0,
  promises: 0,
}
