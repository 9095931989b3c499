-- member says which ids are in a published segment. It needs nothing but itself: any
-- client may send it.
--
-- KEYS[1] the hash of the segment, segq:{NAMESPACE}:seg:TENANT:NAME
-- ARGV    ids; of a bitmap, numbers of profiles from 0
--
-- Returns 1 or 0 for each id, nil when nothing is published under the name, or an
-- error for a kind that has no members to ask for. Changes nothing.
local f = redis.call('HMGET', KEYS[1], 'kind', 'version', 'bits', 'hashes')
if not f[2] then return nil end
local data, bits, hashes = KEYS[1] .. ':' .. f[2], tonumber(f[3]), tonumber(f[4])

local function bloom(id)
  local sum = redis.sha1hex(id)
  local h1, h2 = tonumber(string.sub(sum, 1, 12), 16), tonumber(string.sub(sum, 13, 24), 16)
  for i = 0, hashes - 1 do
    if redis.call('GETBIT', data, string.format('%.0f', (h1 + i * h2) % bits)) == 0 then return 0 end
  end
  return 1
end

local out = {}
for i, id in ipairs(ARGV) do
  if f[1] == 'set' then
    out[i] = redis.call('SISMEMBER', data, id)
  elseif f[1] == 'bloom' then
    out[i] = bloom(id)
  elseif f[1] == 'bitmap' and string.match(id, '^%d+$') and tonumber(id) < bits then
    out[i] = redis.call('GETBIT', data, id)
  elseif f[1] == 'bitmap' then
    return redis.error_reply('ERR a bitmap is asked for numbers of profiles, below ' .. f[3])
  else
    return redis.error_reply('ERR a segment that is published as ' .. f[1] .. ' cannot be asked for members: publish it as set or bloom')
  end
end
return out
