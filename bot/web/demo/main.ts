import { createApp } from 'vue'
import DemoShop from './DemoShop.vue'
import './page.css'

createApp(DemoShop).mount('#shop')
