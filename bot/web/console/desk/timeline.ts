import type { Attachment, Message, Refusal } from '../protocol'

export type Delivery = 'sending' | 'sent' | 'failed'

/** A line as shown; `seq` is null until the service has accepted it. */
export interface Entry extends Omit<Message, 'seq'> {
  /** Stays the same when a pending line becomes an accepted one. */
  key: string
  seq: number | null
  delivery: Delivery
  /** A code of the service's refusal, or `unanswered`. */
  failure?: string
  refusal?: Refusal
}

/** An own line that the service has not yet accepted. */
export interface Pending {
  conversation_id: string
  client_id: string
  text: string
  at: string
  /** The `seq` after which it was written, so that it keeps its place when answers come in. */
  after: number
  attachments: Attachment[]
  failure?: string
  refusal?: Refusal
}

/** Takes over what the service sent. A known `seq` or `client_id` is replaced, so nothing is shown twice. */
export function merge(entries: readonly Entry[], messages: readonly Message[]): Entry[] {
  if (messages.length === 0) return [...entries]
  const bySeq = new Map<number | null, Entry>(entries.map((entry) => [entry.seq, entry]))
  const byClient = new Map(entries.flatMap((entry) => (entry.client_id ? [[entry.client_id, entry] as const] : [])))
  for (const message of messages) {
    const known = bySeq.get(message.seq) ?? (message.client_id ? byClient.get(message.client_id) : undefined)
    if (known) bySeq.delete(known.seq)
    const entry: Entry = { ...message, key: known?.key ?? message.client_id ?? `seq-${message.seq}`, delivery: 'sent' }
    bySeq.set(entry.seq, entry)
    if (entry.client_id) byClient.set(entry.client_id, entry)
  }
  return [...bySeq.values()].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
}

/** With the lines that are still under way; one whose echo is there already is left out. */
export function withPending(entries: readonly Entry[], pending: readonly Pending[]): Entry[] {
  const taken = new Set(entries.map(({ client_id }) => client_id))
  const waiting = pending.filter(({ client_id }) => !taken.has(client_id))
  if (waiting.length === 0) return [...entries]
  const places = new Map(waiting.map(({ client_id, after }) => [client_id, after + 0.5]))
  const place = ({ seq, key }: Entry): number => seq ?? places.get(key) ?? 0
  return [...entries, ...waiting.map(pendingEntry)].sort((a, b) => place(a) - place(b))
}

function pendingEntry({ client_id, text, at, attachments, failure, refusal }: Pending): Entry {
  return {
    key: client_id,
    client_id,
    seq: null,
    role: 'agent',
    text,
    at,
    delivery: failure ? 'failed' : 'sending',
    ...(attachments.length ? { attachments } : {}),
    ...(failure ? { failure } : {}),
    ...(refusal ? { refusal } : {}),
  }
}

/** The highest accepted `seq`, 0 when there is none. */
export function latestSeq(entries: readonly Entry[]): number {
  return entries[entries.length - 1]?.seq ?? 0
}

/** The lowest accepted `seq`. */
export function earliestSeq(entries: readonly Entry[]): number | undefined {
  return entries[0]?.seq ?? undefined
}

/** Without the lines before `seq`. */
export function since(entries: readonly Entry[], seq: number): Entry[] {
  return entries.filter((entry) => (entry.seq ?? 0) >= seq)
}
