# What Telegram's API is asked has the token in its address, and an error of the network has the address. 0.35 leaves it out, too.
/^\tmessage, err := n\.client\.Send\(/,/^\t\}$/ s/^\t\treturn true, err$/\t\treturn true, notify.RedactURL(err)/
