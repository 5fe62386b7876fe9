-- Sends the requests of a file, each as likely as the others: lines of token, tab, path.

local requests = {}

function init(arguments)
  math.randomseed(tonumber(arguments[2]) or 1)
  for line in io.lines(arguments[1]) do
    local token, path = line:match("^(%S+)\t(%S+)$")
    requests[#requests + 1] = wrk.format("GET", path, { ["Authorization"] = "Bearer " .. token })
  end
end

function request()
  return requests[math.random(#requests)]
end
