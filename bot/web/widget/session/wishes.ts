import { shallowRef } from 'vue'
import type { Answer, LeftMessage, Message, Orders, Rating, Requests, Survey, Ticket } from '../protocol'

type Ask = <Name extends keyof Requests>(name: Name, data: Requests[Name][0]) => Promise<Requests[Name][1]>

/** What a customer may ask of the service beside talking. All reject when the service refuses or cannot be reached. */
export class Wishes {
  /** What the customer may be asked after a talk; null when there is nothing to ask. */
  readonly survey = shallowRef<Survey | null>(null)

  constructor(private readonly ask: Ask) {}

  async orders(): Promise<Orders> {
    return granted(await this.ask('orders', {}))
  }

  /** The message becomes a ticket. */
  async leaveMessage(message: LeftMessage): Promise<Ticket> {
    return granted(await this.ask('leave_message', message))
  }

  async end(): Promise<void> {
    granted(await this.ask('end', {}))
  }

  async deletion(): Promise<void> {
    granted(await this.ask('delete_request', {}))
  }

  async rate(rating: Rating): Promise<void> {
    granted(await this.ask('rate', rating))
    this.survey.value = null
  }

  skipSurvey(): void {
    const id = this.survey.value?.id
    this.survey.value = null
    if (id !== undefined) this.ask('skip_survey', { id }).catch(() => undefined) // then it may be asked once more
  }

  /** Everything that was ever said, the pages that were not looked at included. */
  transcript(): Promise<Message[]> {
    return this.said(0)
  }

  /** All that was said between two messages, by number. */
  async said(after: number, before = Infinity): Promise<Message[]> {
    const told: Message[] = []
    for (let more = true; more && after + 1 < before; ) {
      const page = await this.ask('history', { after })
      told.push(...page.messages)
      const reached = told[told.length - 1]?.seq ?? after
      more = page.has_more && reached > after
      after = reached
    }
    return told
  }
}

function granted<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(answer.error.code)
  return answer
}
