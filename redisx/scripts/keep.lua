-- keep makes what was written the newest version of what is kept under a name, unless it is
-- what that version holds already.
--
-- ARGV[2] tenant                      ARGV[6] token of the body, '-' for none
-- ARGV[3] kind                        ARGV[7] digest of the contents, '-' for none
-- ARGV[4] name                        ARGV[8] how many versions stay
-- ARGV[5] the name as part of a key   ARGV[9] chunks of the body
-- ARGV[10] what lists show of it
--
-- Returns the number of the version, and 1 for a new one, 0 for one that was there, of
-- which only what lists show is as it is said now; or 'GONE' where there should be a
-- body and there is none. Sent twice, the second changes nothing but the time.
local tenant, kind, name, key, token, digest = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local list = P .. 'kept:' .. tenant .. ':' .. kind
local versions = list .. ':' .. key
local at = text(now())

local latest = redis.call('HGET', list, name)
if latest then
  local n, old, was, _, chunks = string.match(latest, '^(%d+) (%S+) (%S+) (%S+) (%S+) ')
  if old == token and token ~= '-' or was == digest and digest ~= '-' then
    if old ~= token and token ~= '-' then
      if redis.call('EXISTS', versions .. ':' .. old) == 0 and redis.call('EXISTS', versions .. ':' .. token) == 1 then
        old, chunks = token, ARGV[9] -- the body was lost: this is it again
        redis.call('PERSIST', versions .. ':' .. token)
      else
        redis.call('UNLINK', versions .. ':' .. token)
      end
    end
    local line = table.concat({ n, old, digest, at, chunks, ARGV[10] }, ' ')
    redis.call('HSET', list, name, line)
    redis.call('HSET', versions, n, line)
    return { tonumber(n), 0 }
  end
end
if token ~= '-' and redis.call('EXISTS', versions .. ':' .. token) == 0 then return 'GONE' end
local n = redis.call('HINCRBY', versions, 'last', 1)
local line = table.concat({ text(n), token, digest, at, ARGV[9], ARGV[10] }, ' ')
redis.call('HSET', list, name, line)
redis.call('HSET', versions, text(n), line)
if token ~= '-' then redis.call('PERSIST', versions .. ':' .. token) end
local old = text(n - tonumber(ARGV[8]))
local gone = redis.call('HGET', versions, old)
if gone then
  redis.call('HDEL', versions, old)
  redis.call('UNLINK', versions .. ':' .. string.match(gone, '^%d+ (%S+) '))
end
return { n, 1 }
