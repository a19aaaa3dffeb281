import { computed, reactive, ref } from 'vue'
import { css, shadesOf } from './brand'
import { readLook, writeLook } from './session/storage'
import { speak, type Lang } from './texts'

export type Theme = 'auto' | 'light' | 'dark'

export interface LookChoice {
  lang?: Lang
  theme?: Theme
  elder?: boolean
}

const DARK = '(prefers-color-scheme: dark)'

/** How the chat looks and which language it speaks: what the customer chose here, else what the page asks for. */
export class Look {
  private readonly chosen = reactive<LookChoice>(readLook())
  private readonly given = reactive<LookChoice>({})
  private readonly system = ref(false)
  private readonly media = matchMedia(DARK)
  /** Where widget.js, and so its other languages, come from. */
  base = ''
  readonly brand = ref<string>()
  readonly bottom = ref<string>()
  /** Stands in the header instead of the shop's name. */
  readonly title = ref('')
  /** What the words on the screen are in now. */
  readonly lang = ref<Lang>('zh-CN')
  readonly theme = computed<Theme>(() => this.chosen.theme ?? this.given.theme ?? 'auto')
  readonly elder = computed(() => this.chosen.elder ?? this.given.elder ?? false)
  readonly dark = computed(() => (this.theme.value === 'auto' ? this.system.value : this.theme.value === 'dark'))
  readonly variables = computed(() => {
    const { brand, strong, soft, glow } = shadesOf(this.brand.value, this.dark.value)
    return {
      '--brand': `var(--shop-chat-brand,${css(brand)})`,
      '--strong': css(strong),
      '--soft': css(soft),
      '--glow': css(glow),
      '--bottom': this.bottom.value ? `${parseFloat(this.bottom.value)}px` : 'var(--shop-chat-bottom,24px)',
    }
  })

  constructor() {
    this.follow()
    this.media.addEventListener('change', this.follow)
  }

  /** What the page asks for, by attributes. */
  give(look: LookChoice): void {
    Object.assign(this.given, look)
    void this.translate()
  }

  /** What the customer, or the page in the customer's name, chooses; it is remembered. */
  choose(look: LookChoice): void {
    Object.assign(this.chosen, look)
    writeLook(this.chosen)
    void this.translate()
  }

  private async translate(): Promise<void> {
    const wanted = this.chosen.lang ?? this.given.lang ?? 'zh-CN'
    if (wanted !== this.lang.value) this.lang.value = await speak(wanted, this.base)
  }

  private readonly follow = (): void => {
    this.system.value = this.media.matches
  }
}
