import type { InstrumentKind } from "./instruments.ts";

interface Rows {
  readonly kind: InstrumentKind;
  readonly currency?: string;
  /** Put behind each symbol. */
  readonly suffix: string;
  /** A line each: symbol = name | other names. */
  readonly rows: string;
}

/** Instruments that people ask for by name; tickers that are not here are asked for as they are. */
export const instrumentRows: readonly Rows[] = [
  {
    kind: "stock",
    currency: "USD",
    suffix: ".us",
    rows: `
      aapl = Apple
      msft = Microsoft
      googl = Alphabet | Google | GOOGL
      goog = Alphabet class C
      amzn = Amazon
      nvda = NVIDIA
      meta = Meta Platforms | Meta | Facebook
      tsla = Tesla
      brk-b = Berkshire Hathaway | Berkshire
      avgo = Broadcom
      lly = Eli Lilly
      jpm = JPMorgan Chase | JPMorgan | JP Morgan
      v = Visa
      ma = Mastercard
      unh = UnitedHealth
      xom = Exxon Mobil | ExxonMobil | Exxon
      jnj = Johnson & Johnson
      wmt = Walmart
      pg = Procter & Gamble
      hd = Home Depot
      cost = Costco
      orcl = Oracle
      abbv = AbbVie
      ko = Coca-Cola | Coca Cola
      pep = PepsiCo | Pepsi
      bac = Bank of America
      mrk = Merck
      cvx = Chevron
      nflx = Netflix
      amd = AMD | Advanced Micro Devices
      intc = Intel
      qcom = Qualcomm
      txn = Texas Instruments
      mu = Micron
      csco = Cisco
      crm = Salesforce
      adbe = Adobe
      now = ServiceNow
      snow = Snowflake
      ibm = IBM
      uber = Uber
      abnb = Airbnb
      pltr = Palantir
      dis = Disney | Walt Disney
      nke = Nike
      mcd = McDonald's | McDonalds
      sbux = Starbucks
      ba = Boeing
      lmt = Lockheed Martin
      rtx = RTX | Raytheon
      cat = Caterpillar
      de = Deere | John Deere
      ge = GE Aerospace | General Electric
      mmm = 3M
      hon = Honeywell
      ups = UPS
      fdx = FedEx
      f = Ford
      gm = General Motors
      t = AT&T
      vz = Verizon
      tmus = T-Mobile US
      cmcsa = Comcast
      pfe = Pfizer
      mrna = Moderna
      amgn = Amgen
      gild = Gilead
      tmo = Thermo Fisher
      abt = Abbott
      gs = Goldman Sachs
      ms = Morgan Stanley
      wfc = Wells Fargo
      c = Citigroup | Citi
      axp = American Express
      blk = BlackRock
      schw = Charles Schwab
      pypl = PayPal
      coin = Coinbase
      xyz = Block | Square
      shop = Shopify
      spot = Spotify
      zm = Zoom
      dell = Dell
      hpq = HP
      smci = Super Micro Computer | Supermicro
      arm = Arm
      asml = ASML
      tsm = TSMC | Taiwan Semiconductor
      baba = Alibaba
      sap = SAP
      sony = Sony
      tm = Toyota
      nvo = Novo Nordisk
      gme = GameStop
      amc = AMC Entertainment
      rivn = Rivian
      lcid = Lucid Motors | Lucid
      mstr = Strategy | MicroStrategy
      panw = Palo Alto Networks
      crwd = CrowdStrike
      net = Cloudflare
      ddog = Datadog
      mdb = MongoDB
      rblx = Roblox
      ea = Electronic Arts
      ttwo = Take-Two
      lulu = Lululemon
      tgt = Target
      low = Lowe's
      spy = SPDR S&P 500 ETF | SPY
      qqq = Invesco QQQ | QQQ
      voo = Vanguard S&P 500 ETF | VOO
      vti = Vanguard Total Stock Market ETF | VTI`,
  },
  {
    kind: "stock",
    currency: "PLN",
    suffix: ".pl",
    rows: `
      pkn = Orlen | PKN Orlen
      pko = PKO BP | PKO Bank Polski
      peo = Bank Pekao | Pekao
      pzu = PZU
      kgh = KGHM | KGHM Polska Miedź
      dnp = Dino Polska | Dino
      ale = Allegro
      lpp = LPP
      cdr = CD Projekt | CD Projekt Red | CDPR
      spl = Santander Bank Polska
      mbk = mBank
      pge = PGE
      cps = Cyfrowy Polsat
      opl = Orange Polska
      kty = Grupa Kęty | Kęty
      kru = Kruk
      alr = Alior Bank | Alior
      jsw = JSW | Jastrzębska Spółka Węglowa
      pco = Pepco
      bdx = Budimex
      zab = Żabka
      tpe = Tauron
      ena = Enea
      ccc = CCC | Modivo
      acp = Asseco Poland | Asseco
      ing = ING Bank Śląski
      mil = Bank Millennium | Millennium
      att = Grupa Azoty | Azoty
      lwb = Bogdanka
      xtb = XTB
      11b = 11 bit studios
      eat = AmRest
      ten = Ten Square Games
      wpl = Wirtualna Polska
      car = Inter Cars
      dom = Dom Development
      eur = Eurocash
      gpw = GPW | Giełda Papierów Wartościowych
      apr = Auto Partner
      dvl = Develia`,
  },
  {
    kind: "stock",
    currency: "EUR",
    suffix: ".de",
    rows: `
      vow3 = Volkswagen | VW
      bmw = BMW
      mbg = Mercedes-Benz | Mercedes
      sie = Siemens
      alv = Allianz
      bas = BASF
      bayn = Bayer
      ads = Adidas
      dbk = Deutsche Bank
      dte = Deutsche Telekom
      air = Airbus
      rhm = Rheinmetall
      p911 = Porsche
      lha = Lufthansa`,
  },
  {
    kind: "index",
    suffix: "",
    rows: `
      ^spx = S&P 500 | SPX | S and P 500 | SP500
      ^dji = Dow Jones | Dow | DJIA | Dow Jones Industrial Average
      ^ndq = Nasdaq Composite | Nasdaq
      ^ndx = Nasdaq 100 | NDX
      ^dax = DAX
      ^ukx = FTSE 100 | FTSE
      ^cac = CAC 40 | CAC
      ^nkx = Nikkei 225 | Nikkei
      ^hsi = Hang Seng
      ^shc = Shanghai Composite
      ^bux = BUX
      ^px = PX
      ^smi = SMI
      wig = WIG
      wig20 = WIG20 | WIG 20
      mwig40 = mWIG40 | mWIG 40
      swig80 = sWIG80 | sWIG 80`,
  },
  {
    kind: "crypto",
    currency: "USD",
    suffix: "",
    rows: `
      btcusd = Bitcoin | BTC
      ethusd = Ethereum | ETH | Ether
      xrpusd = XRP | Ripple
      ltcusd = Litecoin | LTC`,
  },
  {
    kind: "metal",
    currency: "USD",
    suffix: "",
    rows: `
      xauusd = Gold | XAU | złoto | złota
      xagusd = Silver | XAG | srebro | srebra
      xptusd = Platinum | XPT | platyna
      xpdusd = Palladium | XPD | pallad`,
  },
  {
    kind: "commodity",
    currency: "USD",
    suffix: "",
    rows: `
      cl.f = Crude oil WTI | oil | crude oil | WTI | ropa | ropa naftowa
      cb.f = Crude oil Brent | Brent | ropa Brent
      ng.f = Natural gas | gaz ziemny`,
  },
];

/** Currency codes and the beginnings of their names in English, Polish and Ukrainian (folded). */
export const currencies: readonly (readonly [code: string, ...forms: string[]])[] = [
  ["usd", "dollar", "dolar", "долар"],
  ["eur", "euro", "євро", "евро"],
  ["pln", "zloty", "zlotow", "злот"],
  ["gbp", "pound", "funt", "sterling", "фунт"],
  ["chf", "franc", "frank", "франк"],
  ["jpy", "yen", "jen"],
  ["uah", "hryvnia", "hrywn", "гривн"],
  ["ils", "shekel", "szekel", "szekl", "шекел"],
  ["czk"],
  ["sek"],
  ["nok"],
  ["dkk"],
  ["huf", "forint"],
  ["cad"],
  ["aud"],
  ["nzd"],
  ["cny", "yuan", "juan"],
  ["try", "lira", "liry"],
];
