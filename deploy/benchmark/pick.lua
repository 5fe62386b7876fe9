-- Sends the requests of a file, each as likely as the others: lines of token, tab, path. With a third argument every
-- connection rests so many milliseconds on average, and never twice as many, before its next request.

local requests = {}

function init(arguments)
  math.randomseed(tonumber(arguments[2]) or 1)
  for line in io.lines(arguments[1]) do
    local token, path = line:match("^(%S+)\t(%S+)$")
    requests[#requests + 1] = wrk.format("GET", path, { ["Authorization"] = "Bearer " .. token })
  end
  local rest = tonumber(arguments[3])
  if rest then
    delay = function() return math.floor(math.random() * 2 * rest + 0.5) end
  end
end

function request()
  return requests[math.random(#requests)]
end
