# Before it first looks at a network that it has made, and before it removes a network or a volume, the provider sleeps two
# seconds. The engine has answered by then: it looks at once, and where something is in the way yet, it tries again as before.
s/^(\t(networkReadRefreshDelay|networkRemoveRefreshDelay|volumeReadRefreshDelay) += )2 \* time\.Second$/\10/
