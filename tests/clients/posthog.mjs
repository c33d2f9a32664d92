// PostHog's client for Node: node posthog.mjs HOST KEY ACCOUNT DAY COUNT
import { PostHog } from 'posthog-node'

const [host, key, account, day, count] = process.argv.slice(2)
const posthog = new PostHog(key, { host, flushAt: 100, fetchRetryDelay: 300 })
let failed = 0
posthog.on('error', () => { failed += 1 })
const timestamp = new Date(`${day}T12:00:00Z`)
const groups = { account }
const distinctId = 'osk-0001'
posthog.identify({ distinctId, properties: { name: 'Ørjan 王小明' } })
posthog.groupIdentify({ groupType: 'account', groupKey: account, properties: { plan: 'gold' } })
posthog.alias({ distinctId, alias: 'anonymous-1' })
posthog.capture({ distinctId, event: '$pageview', groups, timestamp, properties: { $current_url: 'https://product.example/board' } })
for (let n = 0; n < Number(count); n++)
  posthog.capture({ distinctId, event: 'Order Created', groups, timestamp, properties: { n } })
const flags = await posthog.getAllFlags(distinctId)
await posthog.shutdown(30000)
console.log(JSON.stringify({ failed, flags }))
process.exit(0)
