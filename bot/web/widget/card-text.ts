import type { Card } from './protocol'
import { fill, texts } from './texts'

/** An amount in yuan; what a host page gives need not have two decimals. */
export function money(amount: string): string {
  const yuan = Number(amount)
  return fill(texts.money, { amount: Number.isNaN(yuan) ? amount : yuan.toFixed(2) })
}

/** All that a card shows, as text: for the transcript. */
export function cardText({ title, subtitle, amount, state, lines, pros, cons, steps }: Card): string {
  const head = [title, subtitle, amount && money(amount), state].filter(Boolean).join(' · ')
  const trace = steps?.map(({ at, text }) => [at?.slice(5, 16).replace('T', ' '), text].filter(Boolean).join(' ')) ?? []
  return [
    head,
    ...(lines ?? []),
    ...(pros ?? []).map((line) => `+ ${line}`),
    ...(cons ?? []).map((line) => `- ${line}`),
    ...trace,
  ].join('\n')
}
