-- stats reads how much there is to do, and how much was done since the namespace
-- began.
--
-- Returns two lists of names and numbers: of the present, and of what was counted; the
-- queue's data; a list of workers and their lease:data, of lost ones too; what
-- standIn gives; and what heldBy gives, '' for nothing. The
-- present has depth:CLASS, the jobs that are queued in a class, and age:CLASS, how
-- many milliseconds that job has waited which has waited longest of those that are
-- first in their queues.
local present, at = {}, now()

local function say(name, n)
  present[#present + 1] = name
  present[#present + 1] = text(n)
end

local depth, age = {}, {}

local function queue(class, tenant)
  local key = P .. 'q:' .. class .. ':' .. tenant
  depth[class] = (depth[class] or 0) + redis.call('ZCARD', key)
  local first = redis.call('ZRANGE', key, 0, 0)[1]
  local created = first and tonumber(redis.call('HGET', P .. 'job:' .. first, 'created') or '')
  if created then age[class] = math.max(age[class] or 0, at - created) end
end

for _, class in ipairs(classes) do
  for _, tenant in ipairs(redis.call('ZRANGE', P .. 'ring:' .. class, 0, -1)) do queue(class, tenant) end
end
for _, member in ipairs(redis.call('SMEMBERS', P .. 'held')) do
  local class, tenant = string.match(member, '^(%a+):(.+)$')
  queue(class, tenant)
end
for _, class in ipairs(classes) do
  say('depth:' .. class, depth[class] or 0)
  say('age:' .. class, age[class] or 0)
end
say('pushed', redis.call('LLEN', P .. 'in'))
say('running', redis.call('ZCARD', P .. 'lease'))
say('silent', #redis.call('ZRANGEBYSCORE', P .. 'lease', '-inf', text(at), 'LIMIT', 0, 1000))
say('delayed', redis.call('ZCARD', P .. 'delay'))
say('suspect', redis.call('ZCARD', P .. 'suspect'))
say('open', redis.call('SCARD', P .. 'open'))
say('dead', redis.call('ZCARD', P .. 'dead'))
return { present, redis.call('HGETALL', P .. 'tally'), queueData(), redis.call('HGETALL', P .. 'data'), standIn(), heldBy() or '' }
