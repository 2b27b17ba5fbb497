/**
 * What businesses count, by what is the same thing in other words. Of two names that stand in different lines one is not the other:
 * clicks are no impressions. Singular; a plural is known by its beginning.
 */
const lines = [
  "impression view pageview einblendung aufruf affichage impresión impressione visualización visualizzazione",
  "click klick clic",
  "visit visitor session besuch besucher visite visiteur visita visitante visitatore user",
  "user nutzer benutzer utilisateur usuario utente member mitglied membre miembro",
  "customer client kunde cliente buyer käufer guest patient shopper account user",
  "order ticket purchase sale bestellung auftrag commande pedido ordine booking verkauf vente venta vendita checkout",
  "return refund retoure rückgabe rücksendung erstattung retour remboursement devolución reembolso reso rimborso",
  "complaint beschwerde reklamation réclamation plainte queja reclamación reclamo",
  "ticket case incident incidencia caso inquiry anfrage vorgang demande consulta richiesta",
  "call anruf appel llamada chiamata",
  "mail email e-mail letter newsletter brief courriel lettre carta correo lettera",
  "chat conversation gespräch discussion conversación conversazione",
  "lead prospect interessent",
  "signup registration anmeldung registrierung inscription registro iscrizione subscriber abonnent abonné suscriptor account",
  "bug defect fehler defekt anomalie defecto difetto",
  "test testfall prueba",
  "employee mitarbeiter employé empleado dipendente headcount",
  "vacancy position stelle poste vacante posizione opening",
  "applicant candidate bewerber bewerbung candidat candidato application",
  "invoice bill rechnung facture factura fattura",
  "parcel shipment package paket sendung colis envío paquete pacco spedizione delivery lieferung livraison entrega consegna",
  "truck lorry lkw camion camión",
  "driver fahrer chauffeur conducteur conductor autista",
  "appointment termin cita appuntamento visit",
  "cover diner gast couvert cubierto coperto guest meal",
  "reservation reservierung booking buchung réservation reserva prenotazione",
  "download herunterladung téléchargement descarga",
  "install installation instalación installazione",
  "follower abonnent seguidor",
  "like",
  "termination resignation kündigung démission dimisión dimissione churn",
  "review bewertung rezension avis reseña recensione rating",
  "incident outage störung ausfall panne incidencia guasto",
  "deployment deploy release rollout",
  "machine maschine máquina macchina",
  "bottle flasche bouteille botella bottiglia",
  "night übernachtung nuit noche notte nuitée pernottamento",
  "cancellation storno stornierung annulation cancelación disdetta",
  "arrival anreise arrivée llegada arrivo check-in",
  "departure abreise départ salida partenza check-out",
  "seat platz place asiento posto licence",
  "pallet palette palé bancale",
  "cow kuh vache vaca mucca",
  "pupil student schüler élève alumno studente",
  "donation spende don donación donazione",
  "volunteer freiwilliger bénévole voluntario volontario",
].map((line) => line.split(" "));

const byStem = new Map<string, Set<number>>();
const stemOf = (word: string): string =>
  word
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replace(/(?:ies|y)$/u, "i")
    .replace(/s$/u, "")
    .replace(/(?:en|er|n|e|i|o|a)$/u, "");
for (const [at, words] of lines.entries())
  for (const word of words) byStem.set(stemOf(word), (byStem.get(stemOf(word)) ?? new Set()).add(at));

/** Pure: which of the things that businesses count a word is; none where nobody knows. */
export const measuresOf = (word: string): ReadonlySet<number> => byStem.get(stemOf(word)) ?? new Set();
