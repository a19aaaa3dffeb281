import { shallowReactive } from 'vue'
import { widget as chinese } from '../locales/zh-CN.json'

export { fill } from '../locales/fill'
export type Lang = 'zh-CN' | 'en'

/** The words of the language that is spoken now. Chinese is always at hand; English is fetched when it is wanted. */
export const texts = shallowReactive({ ...chinese })

/** The language that was asked for, Chinese when the other one cannot be had. `base`: where widget.js comes from. */
export async function speak(lang: Lang, base: string): Promise<Lang> {
  try {
    const words = lang === 'en' ? ((await (await fetch(new URL('widget/en.json', base))).json()) as typeof chinese) : chinese
    Object.assign(texts, words)
    return lang
  } catch {
    return 'zh-CN'
  }
}
