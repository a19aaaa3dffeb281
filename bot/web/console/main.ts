import { createApp } from 'vue'
import './page.css'
import App from './App.vue'
import { texts } from './texts'

const dark = matchMedia('(prefers-color-scheme: dark)')
const followScheme = (): void => {
  document.documentElement.classList.toggle('dark', dark.matches)
}
dark.addEventListener('change', followScheme)
followScheme()
document.title = texts.page.title

createApp(App).mount('#console')
