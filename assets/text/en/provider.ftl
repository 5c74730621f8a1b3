### The department's identity provider: why a sign-in there does not count.

provider-away = the department's identity provider at { $host } cannot be reached ({ $why }). Nobody was signed in; check the network and try again
provider-unfit = what the identity provider at { $host } says of itself cannot be used: { $why }. Nobody was signed in; tell your administrator
provider-address-not-private = { $address } is not an https address
provider-no-token-endpoint = it names no address where a code is exchanged
provider-no-browser = the browser could not be opened ({ $why }). Nobody was signed in; tell your administrator
provider-not-answered = nobody signed in in the browser within { $minutes } minutes. Nothing was changed; try again
provider-denied = the identity provider at { $host } did not sign you in ({ $why }). Try again; if that does not help, ask whoever keeps your account there
provider-exchange-refused = the identity provider at { $host } did not take the code that the browser brought ({ $why }). Nobody was signed in; try again
provider-token = what the identity provider said does not prove who signed in: { $why }. Nobody was signed in, and it is on record; tell your administrator
provider-answer-malformed = its answer to the code cannot be read
provider-no-id-token = its answer to the code holds no ID token
provider-answer-of-another = the answer is that of { $issuer }
provider-other-client = it was made for another program
provider-unknown-key = the answer is signed with a key that the identity provider at { $host } does not publish. Nobody was signed in, and it is on record; try again in a minute, and tell your administrator if it stays so
provider-clock-behind = this workstation's clock is { $minutes } minutes behind the identity provider's. Nobody was signed in; correct the clock, then try again
provider-clock-ahead = this workstation's clock is { $minutes } minutes ahead of the identity provider's. Nobody was signed in; correct the clock, then try again
provider-expired = the identity provider's answer has ended already. Nobody was signed in; compare this workstation's clock with a telephone's, then try again
provider-one-factor = the identity provider signed you in, but does not say that you showed several factors there (it says: { $said }). Your department asks for that; sign in again with your second factor, or ask whoever keeps your account
provider-signed-in-long-ago = the browser was signed in there from earlier. Your department asks for a fresh sign-in; sign in again there
provider-other-person = somebody else signed in in the browser: badge { $found }, not { $wanted }. Nobody was signed in here, and it is on record; sign out there, then try again
provider-other-agency = somebody of another agency signed in in the browser: { $found }, not { $wanted }. Nobody was signed in here, and it is on record
