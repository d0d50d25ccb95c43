const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Last labels of names that are no country's: what networks use inside comes first. */
export const genericSuffixes = words(`
  local lan internal intranet home corp localdomain arpa onion test example invalid svc cluster
  com net org edu gov mil int info biz name pro dev app cloud io ai tech online site store blog wiki page link xyz top club
  email network systems solutions services digital agency studio design media news world global group team tools software
  hosting host zone live life art shop games codes build run space website eu su uk`);

/** Country codes that end the names of files, or are words that follow a full stop without a space. */
export const doubtfulSuffixes = words("md sh py rs ps cs so la vi mk tf ml pm cc gz ba id pr br ms mp");

/** Words before the name of a machine. */
export const hostCues = words(`
  host hosts server servers machine node hostname vm
  serwer serwera serwerze serwerem serwery serwerow hosta hoscie hostem maszyna maszyny maszynie wezel wezla wezle
  сервер сервера сервері сервером хост хоста хості вузол вузла вузлі машина машині машини
  שרת השרת בשרת לשרת מארח המארח מכונה המכונה`);

/** Beginnings of what machines are called, before a number: db01, web-3. */
export const hostStems = words(`
  srv server web www db sql pg postgres mysql mariadb mongo redis es elastic kafka nats rabbit mq cache node worker master
  control ctrl cp k8s k3s kube vm host nas san store storage backup bkp bak proxy lb haproxy nginx gw gateway fw firewall
  router rtr switch sw ap vpn dns ns mx mail smtp imap ldap ad dc app api edge core mon monitor prom grafana log logs build
  ci runner git gpu ml hpc login bastion jump print printer cam camera pi esx esxi hv pve kvm`);
